import { describe, expect, test } from '@jest/globals';
import { isReplacedBy, prepareCas, requireSameCa } from '../../../../src/commands/issuance/cas.ts';
import type { Ca } from '../../../../src/manifests/material.ts';
import { buildCaSecret } from '../../../../src/manifests/secrets.ts';
import { ROTATION_PHASES } from '../../../../src/rotation/track.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { AUTHORITY_TERMS, currentOf, issue, makeUserCa, renewedLeaves } from '../../support/issued-certificates.ts';
import { inPhase } from '../../support/phases.ts';
import { storedFrom, storedMaterial } from '../../support/stored-material.ts';

const spec = clusterSpec();
const withoutAuthorities = { clientCa: undefined, routeCa: undefined };
const ofUser = (certificate: string): Ca => {
  return { certificate, privateKey: undefined, custody: 'user', cross: undefined };
};

describe('the CAs of a new or running cluster', () => {
  test('are new if nothing runs, with different names, so that peers need not try keys', async () => {
    const { client, route } = (await issue(spec)).certificates.authorities;
    expect([client?.phase, route?.phase]).toEqual(['idle', 'idle']);
    expect(currentOf(client)).toMatchObject({ custody: 'cluster', privateKey: expect.any(String), cross: undefined });
    expect(currentOf(client).certificate).not.toBe(currentOf(route).certificate);
  });

  test.each(ROTATION_PHASES)('are kept as stored in phase %s', async (phase) => {
    const { client, route } = (await issue(spec)).certificates.authorities;
    const track = inPhase(phase, currentOf(client), currentOf(route));
    const stored = storedMaterial({ clientCa: track, routeCa: track });
    const terms = { ...AUTHORITY_TERMS, given: undefined, isRunning: true };
    expect(await prepareCas(spec, stored, terms)).toEqual({ client: track, route: track });
  });

  test('are replaced by a rotation if they were lost, and the existing certificates stay valid in it', async () => {
    const before = await issue(spec);
    const after = await issue(spec, storedFrom(before, withoutAuthorities));
    const { client, route } = after.certificates.authorities;
    expect([client?.phase, route?.phase]).toEqual(['trust-both', 'trust-both']);
    expect(currentOf(client)).toMatchObject({ certificate: before.certificates.clientTrust, privateKey: undefined });
    expect(after.issued).toEqual([]);
    expect(renewedLeaves(before, after)).toEqual([]);
    expect(after.certificates.routeTrust.startsWith(before.certificates.routeTrust)).toBe(true);
  });

  test.each([
    ['sign no certificate that is only due', 61, []],
    ['sign expired certificates again', 91, ['server', 'nats-0', 'nats-1', 'nats-2']],
  ])('are succeeded after a loss by CAs that %s', async (_, days, renewed) => {
    const before = await issue(spec);
    const after = await issue(spec, storedFrom(before, withoutAuthorities), { days });
    expect(renewedLeaves(before, after)).toEqual(renewed);
  });

  test('are simply new if they were lost before a server ran', async () => {
    const stored = storedFrom(await issue(spec), withoutAuthorities);
    const terms = { ...AUTHORITY_TERMS, given: undefined, isRunning: false };
    expect((await prepareCas(spec, stored, terms)).client?.phase).toBe('idle');
  });

  test.each(['clientCa', 'routeCa'] as const)(
    'are refused if the stored %s is unusable, because a new one in its place would split the mesh',
    async (which) => {
      const before = await issue(spec);
      const { client, route } = before.certificates.authorities;
      const [own, other] = which === 'clientCa' ? [client, route] : [route, client];
      for (const broken of [
        { certificate: 'garbage' },
        { privateKey: 'garbage' },
        { privateKey: currentOf(other).privateKey },
      ]) {
        const track = { phase: 'idle', current: { ...currentOf(own), ...broken } } as const;
        const attempt = issue(clusterSpec({ replicas: 4 }), storedFrom(before, { [which]: track }));
        await expect(attempt).rejects.toMatchObject({ code: 'PKI_INVALID', details: { field: expect.any(String) } });
      }
    },
  );
});

describe('a CA that the user provides', () => {
  test('signs certificates, and its key is written to no Secret in any phase', async () => {
    const [given, next] = [await makeUserCa(), await makeUserCa('company 2')];
    const { certificates } = await issue(spec, undefined, { given });
    expect(currentOf(certificates.authorities.client)).toMatchObject({ ...given, custody: 'user' });
    for (const phase of ROTATION_PHASES) {
      const client = inPhase<Ca>(phase, { ...ofUser(''), ...given }, { ...ofUser(''), ...next });
      const secret = buildCaSecret(spec, { ...certificates, authorities: { client, route: undefined } });
      const texts = Object.values(secret.data).map((text) => Buffer.from(text, 'base64').toString());
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.filter((text) => text.includes('PRIVATE KEY'))).toEqual([]);
    }
  });

  test('needs its key only to sign: without it, valid certificates are kept and missing ones refused', async () => {
    const given = await makeUserCa();
    const first = await issue(spec, undefined, { given });
    const clientCa = { phase: 'idle', current: ofUser(given.certificate) } as const;
    const stored = storedFrom(first, { clientCa });
    expect((await issue(spec, stored)).issued).toEqual([]);
    await expect(issue(clusterSpec({ replicas: 4 }), stored)).rejects.toMatchObject({
      code: 'PKI_INVALID',
      reason: 'AuthorityKeyMissing',
      details: { field: 'ca-private-key' },
    });
    expect((await issue(clusterSpec({ replicas: 4 }), stored, { given })).issued).toHaveLength(2);
  });

  test.each(ROTATION_PHASES)('gets its key from the inputs in phase %s', async (phase) => {
    const [given, other] = [await makeUserCa(), await makeUserCa('other')];
    const track = inPhase(phase, ofUser(other.certificate), ofUser(given.certificate));
    const terms = { ...AUTHORITY_TERMS, given, isRunning: true };
    const { client } = await prepareCas(spec, storedMaterial({ clientCa: track }), terms);
    const known = { ...ofUser(given.certificate), privateKey: given.privateKey };
    expect(client).toEqual(inPhase(phase, ofUser(other.certificate), known));
  });

  test.each([
    ['the key of another CA', (own: string, other: string) => ({ certificate: own, privateKey: other })],
    ['an invalid certificate', (_: string, other: string) => ({ certificate: 'garbage', privateKey: other })],
  ])('is refused with %s before anything is issued', async (_, mixed) => {
    const [own, other] = [await makeUserCa(), await makeUserCa()];
    const given = mixed(own.certificate, other.privateKey);
    await expect(issue(spec, undefined, { given })).rejects.toMatchObject({ code: 'PKI_INVALID' });
  });

  test('cannot replace the CA of a running cluster except by rotate', async () => {
    const [first, second] = [await makeUserCa(), await makeUserCa('company 2')];
    const idle = { phase: 'idle', current: ofUser(first.certificate) } as const;
    const onItsWay = inPhase('trust-both', ofUser(first.certificate), ofUser(second.certificate));
    expect([idle, onItsWay].map((track) => isReplacedBy(track, second))).toEqual([true, false]);
    expect(() => requireSameCa({ client: idle, route: undefined }, first)).not.toThrow();
    expect(() => requireSameCa({ client: idle, route: undefined }, undefined)).not.toThrow();
    expect(() => requireSameCa({ client: idle, route: undefined }, second)).toThrow(
      expect.objectContaining({ code: 'CHANGE_FORBIDDEN', reason: 'AuthorityDiffers' }),
    );
  });
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import { findForcedPurposes, requireTargets } from '../../../../src/commands/decision/rotation.ts';
import { issueCa } from '../../../../src/commands/issuance/signing.ts';
import { findCutOffClients, type Tracks } from '../../../../src/commands/issuance/tracks.ts';
import type { Ca } from '../../../../src/manifests/material.ts';
import type { RotationPhase, Track } from '../../../../src/rotation/track.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { AUTHORITY_TERMS, DAY_MS, makeUserCa, NOW } from '../../support/issued-certificates.ts';
import { inPhase } from '../../support/phases.ts';

const spec = clusterSpec();
const PACE = { now: NOW, caOverlapMs: 7 * DAY_MS, clientVerify: 'none' } as const;

let older: Ca;
let newer: Ca;
beforeAll(async () => {
  older = await issueCa(spec, 'client', AUTHORITY_TERMS);
  newer = await issueCa(spec, 'client', AUTHORITY_TERMS);
});

const users = (phase: RotationPhase) =>
  inPhase(phase, { user: 'app', password: 'stored-password' }, { user: 'app-2', password: 'next-password' });

function tracks(client: Track<Ca>, phase: RotationPhase = 'idle'): Tracks {
  const route = inPhase('idle', older, newer);
  const own = { user: 'system', password: 'system-password' };
  return {
    cas: { client, route },
    credentials: {
      client: users(phase),
      route: { phase: 'idle', current: { user: 'route', password: 'route-password' } },
      system: own,
      probe: own,
      users: [],
      files: {},
    },
  };
}

const keyless = (): Track<Ca> => inPhase('trust-both', { ...older, privateKey: undefined }, newer, NOW);

describe('`force`', () => {
  test.each([
    ['both CAs at rest', 'idle', ['client', 'route']],
    ['a CA that waits with its key', 'trust-both', ['client', 'route']],
    ['a new CA during the overlap', 'overlap', ['client', 'route']],
  ] as const)('replaces the certificates of %s', (_, phase, purposes) => {
    const held = tracks(inPhase(phase, older, newer, NOW));
    expect([...findForcedPurposes(held, held, PACE)]).toEqual(purposes);
  });

  test('replaces no certificate of a CA whose rotation begins now, because the rotation replaces every certificate', () => {
    const begun = tracks(inPhase('trust-both', older, newer));
    expect([...findForcedPurposes(tracks(inPhase('idle', older, newer)), begun, PACE)]).toEqual(['route']);
  });

  test('refuses a CA without its key, and names the time from which it can replace certificates', () => {
    const held = tracks(keyless());
    expect(() => findForcedPurposes(held, held, PACE)).toThrow(
      expect.objectContaining({ code: 'CHANGE_FORBIDDEN', reason: 'CertificatePostponed' }),
    );
    expect(() => findForcedPurposes(held, held, PACE)).toThrow('2026-03-08 12:00 UTC');
  });

  test('replaces no certificate of a CA without its key when this run continues the rotation', () => {
    const held = tracks(keyless());
    expect([...findForcedPurposes(held, held, { ...PACE, caOverlapMs: 0 })]).toEqual(['route']);
  });
});

describe('rotate', () => {
  const leaves = new Set(['certificates'] as const);
  const given = (inputs: Partial<Parameters<typeof requireTargets>[0]>) => {
    return { clientPassword: undefined, routePassword: undefined, ca: undefined, ...inputs };
  };
  const idle = (): Tracks => tracks(inPhase('idle', older, newer));

  test.each([
    ['client-password', { clientPassword: 'another-password' }],
    ['route-password', { routePassword: 'another-password' }],
  ])('refuses a new %s whose target is not listed, and quotes no password', (input, inputs) => {
    const attempt = () => requireTargets(given(inputs), idle(), leaves);
    expect(attempt).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
    expect(attempt).toThrow(expect.objectContaining({ details: { violations: [expect.objectContaining({ input })] } }));
    expect(attempt).not.toThrow(expect.objectContaining({ message: expect.stringContaining('another-password') }));
  });

  test('refuses another CA whose target is not listed', async () => {
    const authority = await makeUserCa('other');
    expect(() => requireTargets(given({ ca: authority }), idle(), leaves)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
    expect(() => requireTargets(given({ ca: authority }), idle(), new Set(['ca'] as const))).not.toThrow();
  });

  test('accepts the passwords that the cluster already has', () => {
    const same = given({ clientPassword: 'stored-password', routePassword: 'route-password' });
    expect(() => requireTargets(same, idle(), leaves)).not.toThrow();
  });
});

describe('an overlap shorter than 90 s', () => {
  test('cuts off no client when nothing rotates, or when the overlap is long enough', () => {
    expect(findCutOffClients(tracks(inPhase('idle', older, newer)), 0)).toEqual([]);
    expect(findCutOffClients(tracks(inPhase('trust-both', older, newer), 'overlap'), 90_000)).toEqual([]);
  });

  test('is reported with the clients that it cuts off', () => {
    const [ca, user] = findCutOffClients(tracks(inPhase('trust-both', older, newer), 'overlap'), 89_999);
    expect([ca, user]).toEqual([expect.stringContaining('ca.crt'), expect.stringContaining('user app')]);
  });
});

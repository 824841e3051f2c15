import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Issued } from '../../../../src/commands/issuance/issuance.ts';
import { crossSign, issueCa, type Purpose } from '../../../../src/commands/issuance/signing.ts';
import type { Ca, Cas } from '../../../../src/manifests/material.ts';
import { isIssuedBy } from '../../../../src/pki/chain.ts';
import { listAccepted, ROTATION_PHASES, type RotationPhase, type Track } from '../../../../src/rotation/track.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import {
  AUTHORITY_TERMS,
  certificateOf,
  certificatesOf,
  currentOf,
  issueWith,
  NOW,
  renewedLeaves,
} from '../../support/issued-certificates.ts';
import { inPhase } from '../../support/phases.ts';

const spec = clusterSpec();
const clients = ['app'];
const MINE = { client: ['server', 'client app'], route: ['nats-0', 'nats-1', 'nats-2'] } as const;

type Pair = { readonly older: Ca; readonly newer: Ca };
let pairs: Readonly<Record<Purpose, Pair>>;

async function pairOf(purpose: Purpose): Promise<Pair> {
  const older = await issueCa(spec, purpose, AUTHORITY_TERMS);
  const next = await issueCa(spec, purpose, AUTHORITY_TERMS);
  return { older, newer: crossSign(spec, purpose, { next, before: older, now: NOW }) };
}

beforeAll(async () => {
  pairs = { client: await pairOf('client'), route: await pairOf('route') };
});

const trackIn = (purpose: Purpose, phase: RotationPhase): Track<Ca> =>
  inPhase(phase, pairs[purpose].older, pairs[purpose].newer);

/** Returns both CAs, one in this phase of a rotation and the other without a rotation. */
function rotating(purpose: Purpose, phase: RotationPhase): Cas {
  const resting = { client: trackIn('client', 'idle'), route: trackIn('route', 'idle') };
  return { ...resting, [purpose]: trackIn(purpose, phase) };
}

async function through(purpose: Purpose, phases: readonly RotationPhase[]): Promise<readonly Issued[]> {
  const runs: Issued[] = [];
  for (const phase of phases) {
    const held = runs.at(-1)?.certificates;
    runs.push(await issueWith(spec, rotating(purpose, phase), { clients, ...(held === undefined ? {} : { held }) }));
  }
  return runs;
}

describe.each(['client', 'route'] as const)('the rotation of the %s CA', (purpose) => {
  test('replaces the certificates of this CA in exactly one phase, and none of the other CA', async () => {
    const runs = await through(purpose, ROTATION_PHASES);
    const renewed = runs.slice(1).map((run, index) => renewedLeaves(runs[index] ?? run, run));
    expect(renewed).toEqual([[], MINE[purpose], [], []]);
  });

  test('keeps every certificate byte for byte when a phase is repeated', async () => {
    for (const phase of ROTATION_PHASES) {
      const [first, again] = await through(purpose, [phase, phase]);
      expect(again).toEqual({ ...first, issued: [] });
    }
  });

  test('ends with the same certificates whichever phase an aborted run left', async () => {
    const [swapped, ended] = await through(purpose, ['swap-leaves', 'drop-old']);
    const idle = { ...rotating(purpose, 'drop-old'), [purpose]: { phase: 'idle', current: pairs[purpose].newer } };
    const rested = await issueWith(spec, idle, {
      clients,
      ...(ended === undefined ? {} : { held: ended.certificates }),
    });
    expect(rested.issued).toEqual([]);
    expect(swapped === undefined ? [] : renewedLeaves(swapped, rested)).toEqual([]);
  });

  test.each(ROTATION_PHASES)(
    'in phase %s issues bundles with all accepted CAs, which verify its certificates',
    async (phase) => {
      const { certificates } = await issueWith(spec, rotating(purpose, phase), { clients });
      const bundle = purpose === 'client' ? certificates.clientTrust : certificates.routeTrust;
      const accepted = listAccepted(trackIn(purpose, phase)).map(({ certificate }) => certificateOf(certificate));
      expect(certificatesOf(bundle).map(({ fingerprint256 }) => fingerprint256)).toEqual(
        accepted.map(({ fingerprint256 }) => fingerprint256),
      );
      const presenting = certificateOf(currentOf(certificates.authorities[purpose]).certificate);
      const leaf = purpose === 'client' ? certificates.server : certificates.routes['nats-0'];
      expect(isIssuedBy(certificateOf(leaf?.certificate ?? ''), presenting)).toBe(true);
    },
  );
});

describe('the cross-signed certificate of a new CA', () => {
  test.each(ROTATION_PHASES.map((phase) => [phase, phase === 'swap-leaves' || phase === 'overlap'] as const))(
    'in phase %s is sent by the server: %s',
    async (phase, isPresented) => {
      const { certificates } = await issueWith(spec, rotating('client', phase), { clients });
      const { older, newer } = pairs.client;
      const [, ...sent] = certificatesOf(certificates.server.certificate);
      const subject = certificateOf(newer.certificate).subject;
      expect(sent.map((certificate) => certificate.subject)).toEqual(isPresented ? [subject] : []);
      for (const certificate of sent) {
        expect(isIssuedBy(certificate, certificateOf(older.certificate))).toBe(true);
      }
      expect(certificatesOf(certificates.clients['app']?.certificate ?? '')).toHaveLength(1);
      expect(certificatesOf(certificates.routes['nats-0']?.certificate ?? '')).toHaveLength(1);
    },
  );

  test('is removed from a stored chain in the end, and the server certificate stays the same', async () => {
    const [, overlap, ended] = await through('client', ['swap-leaves', 'overlap', 'drop-old']);
    const chains = [overlap, ended].map((run) => certificatesOf(run?.certificates.server.certificate ?? ''));
    expect(chains.map((chain) => chain.length)).toEqual([2, 1]);
    expect(chains[1]?.[0]?.pem).toBe(chains[0]?.[0]?.pem);
  });

  test('is not added again by repeated runs', async () => {
    const runs = await through('client', ['overlap', 'overlap', 'overlap']);
    expect(runs.map(({ certificates }) => certificatesOf(certificates.server.certificate).length)).toEqual([2, 2, 2]);
  });

  test('is not made for the route CA, because all peers trust both CAs first', () => {
    expect([pairs.client.newer.cross, pairs.route.newer.cross]).toEqual([expect.any(String), undefined]);
  });
});

describe('a CA without its key', () => {
  /**
   * Returns a CA without its key. Peers trust this CA and its successor, and the successor must not sign before every
   * peer trusts it.
   */
  const keyless = (purpose: Purpose): Cas => {
    const older = { ...pairs[purpose].older, privateKey: undefined };
    return { ...rotating(purpose, 'idle'), [purpose]: inPhase('trust-both', older, pairs[purpose].newer) };
  };

  test('keeps the certificates, and reports those that differ from the inputs', async () => {
    const before = await issueWith(spec, rotating('client', 'idle'), { clients });
    const held = before.certificates;
    const same = await issueWith(spec, keyless('client'), { clients, held });
    expect(same.postponed).toEqual([]);
    const named = clusterSpec({ subjectAltNames: { dnsNames: ['nats.example.com'], ipAddresses: [] } });
    const asked = await issueWith(named, keyless('client'), { clients, held });
    expect(renewedLeaves(before, asked)).toEqual([]);
    expect(asked.postponed).toEqual([
      { name: 'server certificate of nats', message: 'does not name nats.example.com' },
    ]);
  });

  test.each([
    ['are due', {}, 61, 0],
    ['are due and lack a name', { subjectAltNames: { dnsNames: ['nats.example.com'], ipAddresses: [] } }, 61, 1],
    ['have another key algorithm', { keyAlgorithm: 'ecdsa-p384' }, 0, 2],
  ] as const)('postpones changes of certificates that %s', async (_, overrides, days, count) => {
    const { certificates: held } = await issueWith(spec, rotating('client', 'idle'), { clients });
    const asked = await issueWith(clusterSpec(overrides), keyless('client'), { clients, held, days });
    expect(asked.postponed).toHaveLength(count);
  });
});

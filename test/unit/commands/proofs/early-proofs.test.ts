import { describe, expect, test } from '@jest/globals';
import type { PodObservation } from '../../../../src/commands/pods/pod-observation.ts';
import { EarlyProofs } from '../../../../src/commands/proofs/early-proofs.ts';
import type { NamedOutcome, NamedProof } from '../../../../src/commands/proofs/proofs.ts';
import { createFailedCheck } from '../../../../src/servers/knock.ts';
import { type Difference, sampleOf } from '../../support/mesh-sample.ts';

const PODS = ['nats-0', 'nats-1'];
const VERIFIED = { kind: 'verified' } as const;

/** Builds early checks of two servers and counts every use; `answers` replace the results. */
function scene(answers: Readonly<Record<string, NamedOutcome>> = {}) {
  let at = 1_000_000;
  const asked: string[] = [];
  const named = (claim: string): NamedProof => ({
    claim,
    verify: async () => {
      asked.push(claim);
      return answers[claim] ?? VERIFIED;
    },
  });
  const ofServer = (pod: string): readonly NamedProof[] => [named(`${pod} refuses strangers`)];
  const ofMesh = named('messages pass');
  const early = new EarlyProofs({ pods: PODS, ofServer, ofMesh, now: () => at });
  const require = async (): Promise<readonly NamedOutcome[]> =>
    await Promise.all(
      [...PODS.flatMap(ofServer), ofMesh].map(async (proof) => await early.withEarlyResult(proof).verify()),
    );
  return { early, asked, require, later: (ms: number) => (at += ms) };
}

/** Returns a server as observed, by default long after it loaded its configuration. */
function seen(name: string, varz: Difference['varz'] = {}): PodObservation {
  const sample = sampleOf(2, { [name]: { varz: { loadedMs: 60_000, ...varz } } });
  const [observation] = sample.filter((one) => one.varz.serverName === name);
  return observation === undefined ? { name } : { name, observation };
}

const BOTH = PODS.map((name) => seen(name));
const SERVERS = PODS.map((pod) => `${pod} refuses strangers`);

describe('an early check', () => {
  test('is not repeated when its result is needed', async () => {
    const { early, asked, require } = scene();
    early.saw(BOTH, true);
    expect(asked).toEqual([...SERVERS, 'messages pass']);
    expect(await require()).toEqual([VERIFIED, VERIFIED, VERIFIED]);
    expect(asked).toHaveLength(3);
  });

  test('is repeated when a second result is needed', async () => {
    const { early, asked, require } = scene();
    early.saw(BOTH, true);
    await require();
    await require();
    expect(asked).toHaveLength(6);
  });

  test('begins for each server when it is seen, and for the mesh when it is complete', () => {
    const { early, asked } = scene();
    const notYet: PodObservation = {
      name: 'nats-1',
      problem: { from: 'nats-1', to: undefined, reason: 'NotObserved', message: '' },
    };
    early.saw([seen('nats-0'), notYet], false);
    expect(asked).toEqual(['nats-0 refuses strangers']);
    early.saw(BOTH, false);
    expect(asked).toEqual(SERVERS);
    early.saw(BOTH, true);
    expect(asked).toEqual([...SERVERS, 'messages pass']);
  });

  test('begins while a server is not Ready yet', () => {
    const { early, asked } = scene();
    const problem = { from: 'nats-0', to: undefined, reason: 'NotObserved', message: 'not Ready yet' } as const;
    early.saw([{ ...seen('nats-0'), problem }], false);
    expect(asked).toEqual(['nats-0 refuses strangers']);
  });

  test('begins once, however often the server is seen', () => {
    const { early, asked, later } = scene();
    for (let look = 0; look < 5; look++) {
      early.saw(
        PODS.map((name) => seen(name, { loadedMs: 60_000 + look * 200 })),
        true,
      );
      later(200);
    }
    expect(asked).toHaveLength(3);
  });
});

describe('the result of an early check', () => {
  test('is discarded if the server was replaced', async () => {
    const { early, asked, require } = scene();
    early.saw(BOTH, true);
    early.saw([seen('nats-0'), seen('nats-1', { serverId: 'ANOTHER' })], true);
    expect(asked.slice(3)).toEqual(['nats-1 refuses strangers', 'messages pass']);
    await require();
    expect(asked).toHaveLength(5);
  });

  test('is discarded if the server loaded its configuration again', () => {
    const { early, asked, later } = scene();
    early.saw(BOTH, true);
    later(500);
    early.saw([seen('nats-0'), seen('nats-1', { loadedMs: 400 })], true);
    expect(asked.slice(3)).toEqual(['nats-1 refuses strangers', 'messages pass']);
  });

  test('is discarded if the server runs another revision now', async () => {
    const { early, asked, require } = scene();
    early.saw(BOTH, true);
    const observer = {
      observe: async () => await never(),
      health: async () => await Promise.reject(new Error('not asked')),
      reload: async () => await never(),
      close: async () => {},
    };
    const outdated = { uid: 'nats-0', observer, annotatedAt: 0, refusal: undefined, authRefusals: 0 };
    early.saw([{ ...seen('nats-0'), outdated }], false);
    await require();
    expect(asked.slice(3)).toEqual([...SERVERS, 'messages pass']);
  });

  test('is discarded if the mesh was incomplete meanwhile', async () => {
    const { early, asked, require } = scene();
    early.saw(BOTH, true);
    early.saw(BOTH, false);
    await require();
    expect(asked.slice(3)).toEqual(['messages pass']);
  });
});

test('a failed or unanswered early check is repeated when its result is needed', async () => {
  const answers: Record<string, NamedOutcome> = {
    'nats-0 refuses strangers': createFailedCheck('WrongPasswordAccepted', 'it did not'),
  };
  const { early, asked, require } = scene(answers);
  early.saw(BOTH, true);
  expect((await require())[0]).toMatchObject({ kind: 'failed' });
  expect(asked).toEqual([...SERVERS, 'messages pass', 'nats-0 refuses strangers']);
});

async function never(): Promise<never> {
  return await Promise.reject(new Error('not asked for here'));
}

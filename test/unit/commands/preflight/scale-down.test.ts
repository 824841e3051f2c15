import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../../src/cluster/spec.ts';
import type { LiveState } from '../../../../src/commands/live/live-state.ts';
import { determineFirstReplicas } from '../../../../src/commands/preflight/scale-down.ts';
import { settingsOf } from '../../../../src/inputs/settings.ts';
import type { DeploymentCredentials } from '../../../../src/manifests/material.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { liveState, runningSet } from '../../support/live-state.ts';
import { patchedApi } from '../../support/reloads-mesh.ts';
import { storedMaterial } from '../../support/stored-material.ts';

const JETSTREAM = { memoryBytes: 2 ** 20 } as const;

const user = { user: 'u', password: 'p' };
const credentials: DeploymentCredentials = {
  client: { phase: 'idle', current: user },
  route: { phase: 'idle', current: user },
  system: user,
  probe: user,
  users: [],
  files: {},
};

const running = (servers: number, settings = servers): LiveState =>
  liveState({
    statefulSet: { ...runningSet, desiredReplicas: servers },
    stored: storedMaterial({ settings: settingsOf(new Map([['replicas', String(settings)]])) }),
  });

/**
 * Returns the number of servers with which a rollout begins, or its error. The servers are unreachable, so a case that
 * needs an answer of a server fails.
 */
async function begun(spec: Partial<ClusterSpec>, live: LiveState): Promise<unknown> {
  const terms = { spec: clusterSpec(spec), live, credentials };
  const run = { api: patchedApi(() => {}), signal: new AbortController().signal };
  return await determineFirstReplicas(run, terms).catch((error: unknown) => error);
}

describe('a rollout begins with the wanted number of servers', () => {
  test.each<[string, Partial<ClusterSpec>, LiveState]>([
    ['without streams', { replicas: 3 }, running(5)],
    ['if nothing runs', { replicas: 3, jetstream: JETSTREAM }, liveState()],
    ['if the same number runs', { replicas: 3, jetstream: JETSTREAM }, running(3)],
    ['if fewer run', { replicas: 5, jetstream: JETSTREAM }, running(3)],
    ['if one standalone server runs', { replicas: 1, jetstream: JETSTREAM }, running(1)],
  ])('%s', async (_, spec, live) => {
    expect(await begun(spec, live)).toBe(spec.replicas);
  });
});

test.each<[string, LiveState]>([
  ['several servers run', running(3)],
  ['several servers were wanted', running(1, 5)],
  ['several servers run, although one was wanted', running(5, 1)],
])('the last server with streams cannot remain alone if %s', async (_, live) => {
  expect(await begun({ replicas: 1, jetstream: JETSTREAM }, live)).toMatchObject({
    code: 'CHANGE_FORBIDDEN',
    reason: 'StandaloneJetStream',
    details: { problems: [{ object: 'replicas' }] },
  });
});

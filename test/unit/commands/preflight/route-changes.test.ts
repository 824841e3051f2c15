import { describe, expect, test } from '@jest/globals';
import { digestConfiguration } from '../../../../src/commands/desired/user-configuration.ts';
import { readVerifiedDeployment } from '../../../../src/commands/live/verified-deployment.ts';
import { requireAgreeingRoutes } from '../../../../src/commands/preflight/route-changes.ts';
import { RESTART_ANNOTATION } from '../../../../src/manifests/pod-template.ts';
import { readMeshSettings } from '../../../../src/nats/conf/settings/joined-clusters.ts';
import { readTexts } from '../../../../src/nats/conf/settings/sources.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { liveState } from '../../support/live-state.ts';
import { pod } from '../../support/pods.ts';
import { storedMaterial } from '../../support/stored-material.ts';

type Change = {
  readonly from: string;
  readonly to: string;
  /** The digests of the settings that need a restart, before and after. */
  readonly digests?: readonly [string, string];
  readonly images?: readonly [string, string];
  readonly servers?: number;
  /** The configuration that was last verified, if it is not `from`. */
  readonly verified?: string;
};

const system = { user: 'system', password: 'system-password' };
const track = { phase: 'idle', current: system } as const;
const credentials = { client: track, route: track, system, probe: system, users: [], files: {} };
const keep = (text: string) => readTexts({ input: 'config', file: 'config', text, included: new Map() });

/** Runs the check for servers whose stored configuration is `from`, and whose verified one may be another. */
function check({ from, to, digests = ['a', 'b'], images = [NEW, NEW], servers = 3, verified }: Change): void {
  const annotations = { [RESTART_ANNOTATION]: digests[0] };
  const pods = Array.from({ length: servers }, (_, at) => pod({ name: `nats-${at}`, annotations }));
  const kept = verified === undefined ? undefined : keep(verified);
  const stored = storedMaterial({
    settings: '{}',
    system,
    configuration: keep(from).texts,
    previousConfiguration: kept?.texts,
  });
  const rest = { listeners: [], joinsClusters: false, resolverDirectory: undefined };
  const configuration = { ...rest, ...readMeshSettings(keep(to).tree), restartDigest: digests[1] };
  const spec = clusterSpec({ image: images[1], configuration });
  const verifiedDeployment =
    kept &&
    readVerifiedDeployment(
      JSON.stringify({
        image: images[0],
        settings: '{}',
        configuration: digestConfiguration({ ...credentials, configuration: kept }),
      }),
    );
  requireAgreeingRoutes({
    spec,
    credentials: { configuration: keep(to) },
    live: liveState({ image: images[0], pods, stored, verifiedDeployment }),
  });
}

const NEW = 'nats:2.15.2';
const pool = (size: number): string => `cluster { pool_size: ${size} }`;
const NONE = 'cluster {}';
const ONE = 'cluster { accounts: [A] }';
const refused = (message: string) =>
  expect.objectContaining({
    code: 'CHANGE_FORBIDDEN',
    reason: 'RoutesDiffer',
    message: expect.stringContaining(message),
  });

describe('a change of the routes together with settings that need a restart', () => {
  test.each<[string, Change, string]>([
    ['a pinned account is added', { from: NONE, to: ONE }, 'no route for A'],
    ['an account is no longer pinned', { from: ONE, to: 'accounts { A {} }' }, 'no route for A'],
    ['a pinned account is replaced', { from: ONE, to: 'cluster { accounts: [B] }' }, 'no route for B'],
    [
      'an old release gets another pool size',
      { from: pool(3), to: pool(5), images: ['nats:2.10.29', 'nats:2.10.29'] },
      'they have 3 and 5',
    ],
    [
      'an old release is upgraded and gets another pool size than the default',
      { from: NONE, to: pool(4), images: ['nats:2.11.1', 'nats:2.15.2'] },
      'they have 3 and 4',
    ],
    ['a failed deployment stored the new configuration', { from: ONE, to: ONE, verified: NONE }, 'no route for A'],
  ])('is refused if %s', (_, change, message) => {
    expect(() => check(change)).toThrow(refused(message));
  });

  test.each<[string, Change]>([
    ['it restores the verified configuration', { from: ONE, to: NONE, verified: NONE }],
    ['a pinned account is removed altogether', { from: ONE, to: NONE }],
    ['no server restarts', { from: NONE, to: ONE, digests: ['a', 'a'] }],
    ['one server runs', { from: NONE, to: ONE, servers: 1 }],
    [
      'the pinned accounts have another order',
      { from: 'cluster { accounts: [A, B] }', to: 'cluster { accounts: [B, A] }' },
    ],
    ['releases accept other pool sizes', { from: pool(3), to: pool(5), images: ['nats:2.11.2', 'nats:2.15.2'] }],
    ['the pool size is the default', { from: NONE, to: pool(3), images: ['nats:2.10.29', 'nats:2.10.29'] }],
  ])('is accepted if %s', (_, change) => {
    expect(() => check(change)).not.toThrow();
  });
});

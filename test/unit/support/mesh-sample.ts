import type { Route, Varz } from '../../../src/nats/mesh/monitoring.ts';
import type { MeshExpectation, MeshSample, ServerObservation } from '../../../src/nats/mesh/observation.ts';
import { checkMesh, STABLE_SAMPLES } from '../../../src/nats/mesh/verdict.ts';

export const clusterVarz = { name: 'nats', poolSize: 3, tlsRequired: true, tlsVerify: true } as const;

function serverNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, ordinal) => `nats-${ordinal}`);
}

export function expectationOf(count: number, overrides: Partial<MeshExpectation> = {}): MeshExpectation {
  return {
    clusterName: 'nats',
    servers: serverNames(count).map((serverName) => ({
      serverName,
      uid: `uid-${serverName}`,
      statefulSetRevision: 'nats-1',
    })),
    revisionTag: 'rev:r1',
    poolSize: undefined,
    pinnedAccounts: [],
    joinsClusters: false,
    jetstream: false,
    ...overrides,
  };
}

/** Returns the process ID of the server of that name. */
export function idOf(serverName: string): string {
  return `ID-${serverName}`;
}

/** Returns connections as in a complete mesh: a pool, and one per account. */
export function routesTo(
  peer: string,
  { pooled = 3, accounts = ['$SYS'] }: { readonly pooled?: number; readonly accounts?: readonly string[] } = {},
): readonly Route[] {
  const places = [...Array.from({ length: pooled }, () => undefined), ...accounts];
  return places.map((account, index) => ({
    routeId: Number(peer.replace(/\D/g, '')) * 100 + index,
    remoteId: idOf(peer),
    ageMs: 0,
    remoteName: peer,
    account,
  }));
}

export type Difference = {
  readonly varz?: Partial<Varz>;
  readonly pod?: Partial<ServerObservation['pod']>;
  readonly routes?: readonly Route[];
  readonly routezServerId?: string;
};

/** Returns a complete mesh of `count` servers, with these differences by name. */
export function sampleOf(count: number, differences: Readonly<Record<string, Difference>> = {}): MeshSample {
  const names = serverNames(count);
  return names.map((serverName) => {
    const { varz, pod, routes, routezServerId } = differences[serverName] ?? {};
    const serverId = idOf(serverName);
    return {
      pod: { uid: `uid-${serverName}`, statefulSetRevision: 'nats-1', ...pod },
      varz: {
        serverId,
        serverName,
        version: '2.15.2',
        tags: ['rev:r1'],
        loadedMs: 0,
        upMs: 0,
        systemAccount: '$SYS',
        tlsRequired: true,
        cluster: clusterVarz,
        jetstream: undefined,
        ...varz,
      },
      routez: {
        serverId: routezServerId ?? varz?.serverId ?? serverId,
        routes: routes ?? names.filter((name) => name !== serverName).flatMap((name) => routesTo(name)),
      },
    };
  });
}

export function thrice(sample: MeshSample): readonly MeshSample[] {
  return Array.from({ length: STABLE_SAMPLES }, () => sample);
}

/** Returns the reasons with their places, as `from>to:Reason`. */
export function problemsOf(expectation: MeshExpectation, sample: MeshSample): readonly string[] {
  const verdict = checkMesh(expectation, thrice(sample));
  return verdict.kind === 'incomplete'
    ? verdict.problems.map(({ from, to, reason }) => `${from}>${to ?? ''}:${reason}`)
    : [];
}

export function without(routes: readonly Route[], index: number): readonly Route[] {
  return routes.filter((_, at) => at !== index);
}

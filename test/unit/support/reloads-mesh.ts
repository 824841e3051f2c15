import type { ExpectedServers, PodObservation, ServerState } from '../../../src/commands/pods/pod-observation.ts';
import { Reloads } from '../../../src/commands/reload/reloads.ts';
import { Trial } from '../../../src/commands/reload/trial.ts';
import { connectKubernetes, type KubernetesApi } from '../../../src/kubernetes/api.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { decodeObject } from '../../../src/objects/object.ts';
import { fail, succeed } from '../../../src/servers/failure.ts';
import { clusterSpec } from './cluster-spec.ts';

/** Makes an API server that accepts only patches. */
export function patchedApi(onPatch: (name: string, patch: unknown) => void): KubernetesApi {
  const named = [
    { name: 'none', cluster: { server: 'https://none.invalid' }, user: {}, context: { cluster: 'none', user: 'none' } },
  ];
  const yaml = JSON.stringify({ clusters: named, users: named, contexts: named, 'current-context': 'none' });
  return {
    ...connectKubernetes(loadKubeConfig({ kind: 'content', yaml }, undefined, {})),
    patch: async ({ kind, name }, patch) => {
      onPatch(name, patch);
      return decodeObject({ apiVersion: 'v1', kind, metadata: { name, uid: name, resourceVersion: '1' } });
    },
  };
}

type Server = { readonly name: string; hasVolume: boolean; isReloaded: boolean; refusal: string | undefined };

export type MeshOptions = {
  /** Pods whose kubelet gets the new Secrets only after the first annotation. */
  readonly late?: readonly string[];
  /** The answers of servers that refuse a reload. */
  readonly refusals?: Readonly<Record<string, string>>;
  /** Unreachable servers. */
  readonly unseen?: readonly string[];
  readonly verifies?: (pod: string) => boolean;
  /** False if the first server does not work with the change. */
  readonly holds?: boolean;
  /** The promise that every check waits for. */
  readonly held?: Promise<void>;
};

/**
 * Makes three servers of the old revision during the change to the new one, and records all actions on them in order.
 */
export function reloadsMesh({
  late = [],
  refusals = {},
  unseen = [],
  verifies = () => true,
  holds = true,
  held,
}: MeshOptions = {}) {
  const log: string[] = [];
  const annotations: string[] = [];
  const servers = ['nats-0', 'nats-1', 'nats-2'].map((name): Server => {
    return { name, hasVolume: false, isReloaded: false, refusal: refusals[name] };
  });
  const waitFor = new Set(late);
  const api = patchedApi((name, patch) => {
    log.push(`annotate ${name}`);
    annotations.push(JSON.stringify(patch));
    const server = servers.find((each) => each.name === name);
    if (server !== undefined && !waitFor.delete(name)) server.hasVolume = true;
  });
  const states = new Map(servers.map((server) => [server.name, stateOf(server, log)]));
  const trial = new Trial(() => performance.now());
  const reloads = new Reloads(expectedServers(api), {
    trial,
    isNewState: true,
    disconnected: 'no client disconnected',
    info: () => {},
    redact: (text) => text,
    verifyFirst: async (pod) => {
      log.push(`verify ${pod} first`);
      await held;
      if (!holds) throw new Error(`${pod} does not hold it`);
    },
    verify: async (pod, ordinal) => {
      log.push(`verify ${pod}`);
      await held;
      if (!verifies(pod) || pod !== `nats-${ordinal}`) throw new Error(`${pod} is not verified`);
    },
  });
  const look = (): readonly PodObservation[] =>
    servers.map(({ name, isReloaded }): PodObservation => {
      const problem = { from: name, to: undefined, reason: 'NotObserved', message: 'not as it must be' } as const;
      const server = states.get(name);
      if (unseen.includes(name) || server === undefined) return { name, problem };
      return isReloaded ? { name } : { name, problem, outdated: server };
    });
  return { log, annotations, servers, states, reloads, trial, look };
}

/** Plays one round of the gate. Returns whether a server was reloaded. */
export async function round(
  { reloads, look }: { readonly reloads: Reloads; readonly look: () => readonly PodObservation[] },
  kind: 'complete' | 'settling' | 'incomplete',
): Promise<boolean> {
  const seen = look();
  reloads.startVerifying(seen);
  return await reloads.next(seen, { kind, problems: [], stableSamples: 1 });
}

function stateOf(server: Server, log: string[]): ServerState {
  return {
    uid: server.name,
    annotatedAt: Number.NEGATIVE_INFINITY,
    refusal: undefined,
    authRefusals: 0,
    observer: {
      observe: async () => fail('Unreachable', 'nobody listens'),
      close: async () => {},
      health: async () => succeed({ problem: undefined }),
      reload: async () => {
        log.push(`reload ${server.name}`);
        if (server.refusal !== undefined) return fail('RequestRefused', server.refusal);
        server.isReloaded = server.hasVolume;
        return succeed(undefined);
      },
    },
  };
}

export function expectedServers(api: KubernetesApi): ExpectedServers {
  const spec = clusterSpec();
  return {
    expected: {
      spec,
      revision: '0123456789ab',
      podRevision: () => 'nats-1',
      fingerprint: '',
      ranRelease: undefined,
    },
    access: {
      api,
      spec,
      system: { user: 'sys', password: 'p' },
      trust: '',
      clientCertificate: undefined,
      signal: new AbortController().signal,
    },
  };
}

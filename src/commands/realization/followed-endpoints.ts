import { clusterNames, labelSelector } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError, isActionError } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ObjectList } from '../../kubernetes/watch.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import { decodePod } from '../../objects/pod.ts';
import { decodeEndpointSlice, type EndpointSlice } from '../../objects/service.ts';
import { pause } from '../../time/pause.ts';
import type { Waiting } from '../context/waiting.ts';
import {
  endpointProblems,
  firstReach,
  nextReach,
  type Reach,
  type ReadyPods,
  reachableSince,
} from './expected-endpoints.ts';

/**
 * The time after which a node has the endpoints. Only the node itself knows whether it sends traffic by now. A
 * kube-proxy writes its rules at most once a second (`minSyncPeriod` of KubeProxyConfiguration), so it has written
 * endpoints that are this old.
 */
const PROGRAMMED_MS = 1000;
const ROUND_MS = 50;
const PODS_EVERY_MS = 1000;

type EndpointTerms = {
  readonly api: Pick<KubernetesApi, 'follow' | 'list'>;
  readonly waiting: Pick<Waiting, 'show'>;
  readonly signal: AbortSignal;
};

/** The endpoints of the Services of a deployment, followed from before its servers start. */
export type FollowedEndpoints = {
  /**
   * Waits until every Service leads to its servers and nodes have had the time to learn of it.
   * @throws ActionError WAIT_TIMEOUT, reason OtherEndpoints, when the deadline passes before
   */
  readonly reached: (spec: ClusterSpec, pods: ReadyPods) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Starts to follow the endpoints. `known` is a version at which no Service of the deployment existed; without it, the
 * present endpoints are listed first.
 */
export function followEndpoints(
  { api, waiting, signal }: EndpointTerms,
  { name, namespace }: Pick<ClusterSpec, 'name' | 'namespace'>,
  known?: ObjectList,
): FollowedEndpoints {
  const { service } = clusterNames(name);
  const selection = { namespace, labelSelector: labelSelector(name) };
  const closing = new AbortController();
  const slices = new Map<string, EndpointSlice>();
  let reach: Reach | undefined;
  let failure: { readonly error: unknown } | undefined;
  const look = (): void => {
    const all = [...slices.values()];
    reach = reach === undefined ? firstReach(service, all) : nextReach(reach, service, all, performance.now());
  };
  const follow = async (): Promise<void> => {
    const ended = AbortSignal.any([signal, closing.signal]);
    for await (const event of api.follow('EndpointSlice', selection, ended, known)) {
      if (event.kind === 'listed') {
        slices.clear();
        for (const object of event.objects) slices.set(object.metadata.name, decodeEndpointSlice(object));
      } else if (event.kind === 'deleted') {
        slices.delete(event.object.metadata.name);
      } else {
        slices.set(event.object.metadata.name, decodeEndpointSlice(event.object));
      }
      look();
    }
  };
  const followed = follow().catch((error: unknown) => {
    failure = { error };
  });
  return {
    reached: async (spec, gated) => {
      let problems: readonly MeshProblem[] = [];
      const pods = createReadyPods(api, selection, signal, gated);
      try {
        for (;;) {
          if (failure !== undefined) throw failure.error;
          problems =
            reach === undefined ? [] : endpointProblems(spec, await pods(problems.length > 0), [...slices.values()]);
          waiting.show(problems);
          const knownMs = reach === undefined ? 0 : performance.now() - reachableSince(reach);
          if (problems.length === 0 && knownMs >= PROGRAMMED_MS) return;
          await pause(ROUND_MS, signal);
        }
      } catch (error) {
        throw signal.aborted && !isActionError(signal.reason) && problems.length > 0 ? unreached(problems) : error;
      }
    },
    close: async () => {
      closing.abort();
      await followed;
    },
  };
}

/**
 * Returns a function that returns the pods of the gate, and reads them again once a second while a problem exists: a
 * pod may have been replaced since.
 */
function createReadyPods(
  api: Pick<KubernetesApi, 'list'>,
  selection: Parameters<KubernetesApi['list']>[1],
  signal: AbortSignal,
  gated: ReadyPods,
): (isWrong: boolean) => Promise<ReadyPods> {
  let known = { at: performance.now(), pods: gated };
  return async (isWrong) => {
    if (isWrong && performance.now() - known.at > PODS_EVERY_MS) {
      const { objects } = await api.list('Pod', selection, signal);
      const ready = objects.map(decodePod).filter((pod) => pod.ready && !pod.terminating);
      known = { at: performance.now(), pods: new Map(ready.map(({ name, uid }) => [name, uid])) };
    }
    return known.pods;
  };
}

function unreached(problems: readonly MeshProblem[]): ActionError<'WAIT_TIMEOUT'> {
  const said = problems.map(({ message }) => message).join('; ');
  return new ActionError('WAIT_TIMEOUT', `the deadline passed before clients reach every server: ${said}`, {
    reason: 'OtherEndpoints',
    hint: 'Every server is proved. Look at the Service and its EndpointSlices (kubectl describe service, kubectl get endpointslices): the controller manager of the cluster writes them.',
    details: {
      problems: problems.map(({ from, message }) => ({ object: `Service/${from}`, reason: 'OtherEndpoints', message })),
    },
  });
}

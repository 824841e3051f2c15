import { clusterNames, labelSelector } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError, isActionError } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { BackgroundWatch, type FollowEvent, type ObjectList } from '../../kubernetes/watch.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import { decodePod } from '../../objects/pod.ts';
import { decodeEndpointSlice, type EndpointSlice } from '../../objects/service.ts';
import { pause } from '../../time/pause.ts';
import type { Waiting } from '../context/waiting.ts';
import {
  type EndpointHistory,
  findEndpointProblems,
  findReachableSince,
  type ReadyPods,
  startHistory,
  updateHistory,
} from './expected-endpoints.ts';

/**
 * The time in milliseconds after which a node routes to an endpoint. The API server does not show whether a node does.
 * A kube-proxy writes its rules at most once a second (`minSyncPeriod` of KubeProxyConfiguration), so it has written
 * endpoints that are this old.
 */
const PROGRAMMED_MS = 1000;
const ROUND_MS = 50;
const PODS_EVERY_MS = 1000;

type EndpointRun = {
  readonly api: Pick<KubernetesApi, 'follow' | 'list'>;
  readonly waiting: Pick<Waiting, 'show'>;
  readonly signal: AbortSignal;
};

/** The endpoints of the Services of a deployment. The watch starts before the servers do. */
export class FollowedEndpoints {
  readonly #run: EndpointRun;
  readonly #service: string;
  readonly #selection: Parameters<KubernetesApi['list']>[1];
  readonly #slices = new Map<string, EndpointSlice>();
  readonly #watch: BackgroundWatch;
  #history: EndpointHistory | undefined;
  #failure: { readonly error: unknown } | undefined;

  /**
   * Starts to follow the endpoints. `known` is a version at which no Service of the deployment existed; without it, the
   * present endpoints are listed first.
   */
  constructor(run: EndpointRun, { name, namespace }: Pick<ClusterSpec, 'name' | 'namespace'>, known?: ObjectList) {
    this.#run = run;
    this.#service = clusterNames(name).service;
    this.#selection = { namespace, labelSelector: labelSelector(name) };
    const open = (ended: AbortSignal) => run.api.follow('EndpointSlice', this.#selection, ended, known);
    this.#watch = new BackgroundWatch(
      run.signal,
      open,
      (event) => this.#take(event),
      (error) => {
        this.#failure = { error };
      },
    );
  }

  #take(event: FollowEvent): void {
    if (event.kind === 'listed') {
      this.#slices.clear();
      for (const object of event.objects) this.#slices.set(object.metadata.name, decodeEndpointSlice(object));
    } else if (event.kind === 'deleted') {
      this.#slices.delete(event.object.metadata.name);
    } else {
      this.#slices.set(event.object.metadata.name, decodeEndpointSlice(event.object));
    }
    const all = [...this.#slices.values()];
    this.#history =
      this.#history === undefined
        ? startHistory(this.#service, all)
        : updateHistory(this.#history, this.#service, all, performance.now());
  }

  /**
   * Waits until every Service leads to its servers and the nodes have had the time to write their rules.
   * @throws ActionError WAIT_TIMEOUT, reason OtherEndpoints, when the deadline passes first
   */
  async waitUntilReached(spec: ClusterSpec, gated: ReadyPods): Promise<void> {
    const { waiting, signal } = this.#run;
    const pods = new CurrentPods(this.#run, this.#selection, gated);
    let problems: readonly MeshProblem[] = [];
    try {
      for (;;) {
        if (this.#failure !== undefined) throw this.#failure.error;
        problems = this.#history === undefined ? [] : await this.#findProblems(spec, pods, problems.length > 0);
        waiting.show(problems);
        const knownMs = this.#history === undefined ? 0 : performance.now() - findReachableSince(this.#history);
        if (problems.length === 0 && knownMs >= PROGRAMMED_MS) return;
        await pause(ROUND_MS, signal);
      }
    } catch (error) {
      throw signal.aborted && !isActionError(signal.reason) && problems.length > 0
        ? createUnreachedError(problems)
        : error;
    }
  }

  async #findProblems(spec: ClusterSpec, pods: CurrentPods, isWrong: boolean): Promise<readonly MeshProblem[]> {
    const current = await pods.read(isWrong);
    return findEndpointProblems(spec, current, [...this.#slices.values()]);
  }

  async close(): Promise<void> {
    await this.#watch.close();
  }
}

/**
 * The Ready pods. At first they are those of the gate. While a problem exists, they are read again once a second,
 * because a pod may have been replaced since the gate.
 */
class CurrentPods {
  readonly #run: EndpointRun;
  readonly #selection: Parameters<KubernetesApi['list']>[1];
  #pods: ReadyPods;
  #readAt = performance.now();

  constructor(run: EndpointRun, selection: Parameters<KubernetesApi['list']>[1], gated: ReadyPods) {
    this.#run = run;
    this.#selection = selection;
    this.#pods = gated;
  }

  async read(isWrong: boolean): Promise<ReadyPods> {
    const { api, signal } = this.#run;
    if (isWrong && performance.now() - this.#readAt > PODS_EVERY_MS) {
      const { objects } = await api.list('Pod', this.#selection, signal);
      const ready = objects.map(decodePod).filter((pod) => pod.ready && !pod.terminating);
      this.#pods = new Map(ready.map(({ name, uid }) => [name, uid]));
      this.#readAt = performance.now();
    }
    return this.#pods;
  }
}

function createUnreachedError(problems: readonly MeshProblem[]): ActionError<'WAIT_TIMEOUT'> {
  const summary = problems.map(({ message }) => message).join('; ');
  return new ActionError('WAIT_TIMEOUT', `the deadline passed before clients could reach every server: ${summary}`, {
    reason: 'OtherEndpoints',
    hint: 'Every server passed its checks. Look at the Service and its EndpointSlices (`kubectl describe service`, `kubectl get endpointslices`), and at the controller manager of the Kubernetes cluster, which writes them.',
    details: {
      problems: problems.map(({ from, message }) => ({ object: `Service/${from}`, reason: 'OtherEndpoints', message })),
    },
  });
}

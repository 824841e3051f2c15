import { findFatalCause } from '../../causes/causes.ts';
import { type Cause, type CauseCode, createPodFacts } from '../../causes/facts.ts';
import { labelSelector } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { BackgroundWatch, type FollowEvent, type ObjectList } from '../../kubernetes/watch.ts';
import { decodePod, type Pod } from '../../objects/pod.ts';

/** Returns the failure of a pod that waiting cannot fix, based only on the pod; undefined while it is not certain. */
export function findPodFailure(pod: Pod): ActionError<CauseCode> | undefined {
  const cause = findFatalCause(createPodFacts({ name: pod.name, namespace: pod.namespace }, [pod]));
  return cause === undefined || cause.patienceMs > 0 ? undefined : buildCauseError(cause);
}

export function buildCauseError({ code, reason, object, message, evidence, hint }: Cause): ActionError<CauseCode> {
  if (code === 'PKI_INVALID') {
    return new ActionError(code, message, { reason, hint, details: { field: object, evidence } });
  }
  return new ActionError(code, message, {
    reason,
    hint,
    details: { problems: [{ object, reason, message }], evidence },
  });
}

/** Returns the state of a pod on its way to Ready, in a few words. */
export function describePodState(pod: Pod | undefined): string {
  if (pod === undefined) {
    return 'no pod yet';
  }
  if (pod.terminating) {
    return 'terminating';
  }
  const unscheduled = pod.conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled !== undefined) {
    return `not scheduled: ${unscheduled.message}`;
  }
  const [server] = pod.containers;
  switch (server?.state.kind) {
    case 'waiting':
      return `starting: ${server.state.reason}`;
    case 'terminated':
      return `ended: ${server.state.reason} (${server.state.exitCode})`;
    case 'running':
      return pod.ready ? 'ready' : 'running';
    case 'unknown':
    case undefined:
      return pod.phase === 'Pending' ? 'scheduled' : pod.phase;
  }
}

/** The deployment's pods as the API server last reported them, by name. */
export class FollowedPods {
  readonly #pods = new Map<string, Pod>();
  readonly #listed = Promise.withResolvers<undefined>();
  readonly #watch: BackgroundWatch;
  #failure: { readonly error: unknown } | undefined;

  /** Follows the pods until closed, starting from the `known` list. */
  constructor(api: KubernetesApi, spec: ClusterSpec, signal: AbortSignal, known?: ObjectList) {
    const fail = (error: unknown): void => {
      this.#failure = { error };
      this.#listed.resolve(undefined);
    };
    const selection = { namespace: spec.namespace, labelSelector: labelSelector(spec.name) };
    const open = (ended: AbortSignal) => api.follow('Pod', selection, ended, known);
    this.#watch = new BackgroundWatch(signal, open, (event) => this.#take(event), fail);
  }

  /** Returns itself once the pods were listed. */
  async waitUntilListed(): Promise<this> {
    await this.#listed.promise;
    return this;
  }

  current(): ReadonlyMap<string, Pod> {
    return this.#pods;
  }

  /** Throws the error that ended the watch, once it has ended. */
  check(): void {
    if (this.#failure !== undefined) {
      throw this.#failure.error;
    }
  }

  async close(): Promise<void> {
    await this.#watch.close();
  }

  #take(event: FollowEvent): void {
    switch (event.kind) {
      case 'listed':
        this.#pods.clear();
        for (const object of event.objects) {
          this.#pods.set(object.metadata.name, decodePod(object));
        }
        this.#listed.resolve(undefined);
        break;
      case 'added':
      case 'modified':
        this.#pods.set(event.object.metadata.name, decodePod(event.object));
        break;
      case 'deleted':
        this.#pods.delete(event.object.metadata.name);
        break;
    }
  }
}

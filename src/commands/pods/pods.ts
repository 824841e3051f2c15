import { findFatalCause } from '../../causes/causes.ts';
import { type Cause, type CauseCode, createPodFacts } from '../../causes/facts.ts';
import { labelSelector } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { ObjectList } from '../../kubernetes/watch.ts';
import { decodePod, type Pod } from '../../objects/pod.ts';

/**
 * Returns the failure of a pod that waiting cannot fix, based on nothing but the pod; undefined while it is not
 * certain.
 */
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
    return 'ending';
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
export type FollowedPods = {
  readonly current: () => ReadonlyMap<string, Pod>;
  /** Throws the error that ended the watch, once it has ended. */
  readonly check: () => void;
  readonly close: () => Promise<void>;
};

/** Follows the pods until closed, starting from the `known` list. Returns when the pods were listed once. */
export async function followPods(
  api: KubernetesApi,
  spec: ClusterSpec,
  signal: AbortSignal,
  known?: ObjectList,
): Promise<FollowedPods> {
  const pods = new Map<string, Pod>();
  const closing = new AbortController();
  const listed = Promise.withResolvers<undefined>();
  let failure: { readonly error: unknown } | undefined;
  const follow = async (): Promise<void> => {
    const selection = { namespace: spec.namespace, labelSelector: labelSelector(spec.name) };
    for await (const event of api.follow('Pod', selection, AbortSignal.any([signal, closing.signal]), known)) {
      switch (event.kind) {
        case 'listed':
          pods.clear();
          for (const object of event.objects) {
            pods.set(object.metadata.name, decodePod(object));
          }
          listed.resolve(undefined);
          break;
        case 'added':
        case 'modified':
          pods.set(event.object.metadata.name, decodePod(event.object));
          break;
        case 'deleted':
          pods.delete(event.object.metadata.name);
          break;
      }
    }
  };
  const followed = follow().catch((error: unknown) => {
    failure = { error };
    listed.resolve(undefined);
  });
  await listed.promise;
  return {
    current: () => pods,
    check: () => {
      if (failure !== undefined) {
        throw failure.error;
      }
    },
    close: async () => {
      closing.abort();
      await followed;
    },
  };
}

import { podHost } from '../../cluster/addresses.ts';
import { podOrdinal } from '../../cluster/names.ts';
import { ActionError } from '../../errors.ts';
import { type StoredStream, streamsSaid } from '../../nats/mesh/jsz.ts';
import type { SignIn } from '../../servers/connection.ts';
import { type JetStreamObserver, jetstreamObserver } from '../../servers/jetstream-observer.ts';
import type { ServerTarget } from '../../servers/target.ts';
import { podDial } from '../gate/pod-dial.ts';
import type { ObservationTerms } from '../gate/pod-observation.ts';

/** The time in milliseconds in which a server can list thousands of streams. */
const TIMEOUT_MS = 10_000;

export type JetStreamTerms = Pick<
  ObservationTerms,
  'api' | 'spec' | 'system' | 'trust' | 'clientCertificate' | 'signal'
>;

/** Returns an observer of the server in each of these pods, by the name of the pod. */
export function jetstreamServers(
  terms: JetStreamTerms,
  pods: readonly string[],
): ReadonlyMap<string, JetStreamObserver> {
  return new Map(pods.map((pod) => [pod, jetstreamObserver(systemTarget(terms, pod))]));
}

/** Returns the target for connections to the server in a pod as a user of its system account. */
export function systemTarget(
  { api, spec, system, trust, clientCertificate, signal }: JetStreamTerms,
  pod: string,
): ServerTarget & SignIn {
  return {
    dial: podDial(api, spec.namespace, pod),
    serverName: podHost(spec, podOrdinal(spec.name, pod) ?? 0),
    timeoutMs: TIMEOUT_MS,
    trust,
    signal,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    ...system,
  };
}

export async function closeAll(servers: ReadonlyMap<string, JetStreamObserver>): Promise<void> {
  await Promise.all([...servers.values()].map(async ({ close }) => await close()));
}

/** Returns the error about streams for which no move makes room. */
export function tooManyReplicas(
  streams: readonly StoredStream[],
  { replicas, name }: { readonly replicas: number; readonly name: string },
): ActionError<'CHANGE_FORBIDDEN'> {
  const most = Math.max(...streams.map((stream) => stream.replicas));
  const message = `replicas is to be ${replicas}, but streams have more replicas (up to ${most}) than ${name} would have servers: ${streamsSaid(streams, 20)}`;
  return new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'StreamReplicas',
    hint: `Give each of them ${replicas} replicas or fewer first (nats stream edit STREAM --replicas ${replicas}, as a user of its account), or keep replicas at ${most} or more.`,
    details: { problems: [{ object: 'replicas', reason: 'StreamReplicas', message }] },
  });
}

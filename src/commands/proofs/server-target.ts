import { podHost } from '../../cluster/addresses.ts';
import { podOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Leaf } from '../../manifests/material.ts';
import type { Dial } from '../../servers/dial.ts';
import type { ServerTarget } from '../../servers/target.ts';
import { podDial } from '../gate/pod-dial.ts';

const TIMEOUT_MS = 5000;

/** The terms that every check of a server needs. */
export type ServerTerms = {
  readonly api: KubernetesApi;
  readonly spec: ClusterSpec;
  readonly signal: AbortSignal;
  /** Returns the dial that reaches a server. Without this function, each connection has its own port-forward. */
  readonly dials?: (pod: string) => Dial;
};

/** Returns the target for the server in a pod. `trust` has to cover its certificate. */
export function serverTarget(
  { api, spec, signal, dials }: ServerTerms,
  pod: string,
  trust: string,
  clientCertificate?: Leaf,
): ServerTarget {
  return {
    dial: dials?.(pod) ?? podDial(api, spec.namespace, pod),
    trust,
    serverName: podHost(spec, podOrdinal(spec.name, pod) ?? 0),
    signal,
    timeoutMs: TIMEOUT_MS,
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
  };
}

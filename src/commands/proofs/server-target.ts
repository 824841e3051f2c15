import { podHost } from '../../cluster/addresses.ts';
import { podOrdinal } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { Leaf } from '../../manifests/material.ts';
import type { Dial } from '../../servers/dial.ts';
import type { ServerTarget } from '../../servers/target.ts';
import { podDial } from '../gate/pod-dial.ts';

const TIMEOUT_MS = 5000;

/** What every proof about a server needs to know. */
export type ServerTerms = {
  readonly api: KubernetesApi;
  readonly spec: ClusterSpec;
  readonly signal: AbortSignal;
  /** How servers are reached; each connection by a port-forward of its own unless told otherwise. */
  readonly dials?: (pod: string) => Dial;
};

/** The server in a pod, whose certificate `trust` has to cover. */
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

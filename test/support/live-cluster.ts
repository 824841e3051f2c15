import { X509Certificate } from 'node:crypto';
import type { ActionResult } from './action.ts';
import type { TestNamespace } from './namespace.ts';

/** Reads the values of a Secret, decoded. */
export async function readSecret(space: TestNamespace, name: string): Promise<Readonly<Record<string, string>>> {
  const { data = {} } = await space.core.readNamespacedSecret({ name, namespace: space.name });
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]));
}

/** Reads the first certificate of a key of a Secret. */
export async function readSecretCertificate(space: TestNamespace, name: string, key: string): Promise<X509Certificate> {
  return new X509Certificate((await readSecret(space, name))[key] ?? '');
}

/** Reads VARZ, the variables of the server in a pod, from its monitoring port. */
export async function readServerVariables(
  space: TestNamespace,
  pod: string,
): Promise<Readonly<Record<string, unknown>>> {
  const request = { name: `${pod}:8222`, namespace: space.name, path: 'varz' };
  const answer: unknown = await space.core.connectGetNamespacedPodProxyWithPath(request);
  const parsed: unknown = typeof answer === 'string' ? JSON.parse(answer) : answer;
  return typeof parsed === 'object' && parsed !== null ? Object.fromEntries(Object.entries(parsed)) : {};
}

/** Reads UIDs by pod name: equal before and after if nothing restarted. */
export async function readPodUids({ core, name }: TestNamespace): Promise<Readonly<Record<string, string>>> {
  const { items } = await core.listNamespacedPod({ namespace: name });
  return Object.fromEntries(items.map(({ metadata }) => [metadata?.name ?? '', metadata?.uid ?? '']));
}

/** Returns the title of the one error annotation, `CODE` or `CODE (Reason)`; undefined without an annotation. */
export function errorTitle({ stdout }: ActionResult): string | undefined {
  return /^::error title=([^:,]+)(?:,[^:]*)?::/m.exec(stdout)?.[1];
}

/**
 * Returns the number of connections from each server of a complete mesh to each peer: by default a pool of three and
 * one for $SYS.
 */
export function completeMesh(
  servers: number,
  name = 'nats',
  connections = 4,
): Readonly<Record<string, Readonly<Record<string, number>>>> {
  const names = Array.from({ length: servers }, (_, ordinal) => `${name}-${ordinal}`);
  const peersOf = (own: string): Readonly<Record<string, number>> =>
    Object.fromEntries(names.filter((peer) => peer !== own).map((peer) => [peer, connections]));
  return Object.fromEntries(names.map((own) => [own, peersOf(own)]));
}

/** Returns the output `routes`. */
export function routesOf({ outputs }: ActionResult): unknown {
  return JSON.parse(outputs['routes'] ?? 'null');
}

import {
  clusterNames,
  configurationSecretName,
  MAX_SERVERS,
  namedClientSecretName,
  parsePodOrdinal,
  podName,
} from './names.ts';
import { DEPLOYMENT_NAME, isDeploymentName } from './preview.ts';

/** The kinds of objects that a deployment has under names made from its own name. */
const KINDS = [
  'Service',
  'Secret',
  'StatefulSet',
  'PodDisruptionBudget',
  'NetworkPolicy',
  'PodMonitor',
  'Lease',
  'Pod',
  'PersistentVolumeClaim',
] as const;

export type OwnedKind = (typeof KINDS)[number];

/** An object by kind and name. */
export type OwnedName = { readonly kind: OwnedKind; readonly name: string };

/** A DNS label of at most 40 characters, as the input `client-certificates` accepts it. */
const CLIENT = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

export function isOwnedKind(kind: string): kind is OwnedKind {
  return KINDS.some((known) => known === kind);
}

/**
 * Checks whether the deployment `name` has an object called `candidate` now, or could have it later: with more servers,
 * with another client certificate, or with the next generation of its configuration.
 */
export function canOwn(name: string, { kind, name: candidate }: OwnedName): boolean {
  const names = clusterNames(name);
  switch (kind) {
    case 'Service':
      return candidate === names.service || candidate === names.headlessService || isServer(name, candidate);
    case 'Secret':
      return canOwnSecret(name, candidate);
    case 'StatefulSet':
    case 'PodDisruptionBudget':
    case 'NetworkPolicy':
    case 'PodMonitor':
      return candidate === name;
    case 'Lease':
      return candidate === names.lease || candidate === names.previewLease;
    case 'Pod':
      return isServer(name, candidate);
    case 'PersistentVolumeClaim':
      return isClaim(name, candidate);
  }
}

/**
 * Returns the names that two deployments of one namespace would both use; empty if they can never collide. The shortest
 * member represents an endless family of names (clients, generations): if the shortest member cannot collide, no member
 * can.
 */
export function findSharedNames(one: string, other: string): readonly OwnedName[] {
  const shared = [
    ...listNames(one).filter((owned) => canOwn(other, owned)),
    ...listNames(other).filter((owned) => canOwn(one, owned)),
  ];
  return [...new Map(shared.map((owned) => [`${owned.kind}/${owned.name}`, owned])).values()];
}

/**
 * Returns a name similar to `name` that shares no name with any deployment of `others`; undefined if it finds no such
 * name.
 */
export function findFreeName(name: string, others: readonly string[]): string | undefined {
  const stem = name.slice(0, DEPLOYMENT_NAME.longest - '-cluster'.length).replace(/(?<!-)-+$/, '');
  const candidates = [`${stem}-cluster`, `cluster-${stem}`, `${stem}-x`, `x-${stem}`];
  return candidates.find(
    (candidate) =>
      isDeploymentName(candidate) &&
      [...others, name].every((other) => other !== candidate && findSharedNames(candidate, other).length === 0),
  );
}

function listNames(name: string): readonly OwnedName[] {
  const names = clusterNames(name);
  const services = [names.service, names.headlessService, podName(name, 0)];
  const secrets = [...listFixedSecrets(name), configurationSecretName(name, 1), namedClientSecretName(name, 'x')];
  const single = [
    { kind: 'StatefulSet', name: names.statefulSet },
    { kind: 'PodDisruptionBudget', name: names.podDisruptionBudget },
    { kind: 'NetworkPolicy', name: names.networkPolicy },
    { kind: 'PodMonitor', name: names.podMonitor },
    { kind: 'Lease', name: names.lease },
    { kind: 'Lease', name: names.previewLease },
    { kind: 'Pod', name: podName(name, 0) },
  ] as const;
  return [
    ...services.map((service): OwnedName => ({ kind: 'Service', name: service })),
    ...secrets.map((secret): OwnedName => ({ kind: 'Secret', name: secret })),
    ...single,
  ];
}

/** Returns the names of the Secrets that every deployment has, independent of its clients and generations. */
export function listFixedSecrets(name: string): readonly string[] {
  const names = clusterNames(name);
  return [
    configurationSecretName(name, 0),
    names.clientSecret,
    names.systemSecret,
    names.caSecret,
    names.serverTlsSecret,
    names.clientTlsSecret,
    names.routesTlsSecret,
  ];
}

function canOwnSecret(name: string, candidate: string): boolean {
  const after = (prefix: string): string => (candidate.startsWith(prefix) ? candidate.slice(prefix.length) : '');
  return (
    listFixedSecrets(name).includes(candidate) ||
    /^[1-9]\d*$/.test(after(`${configurationSecretName(name, 0)}-`)) ||
    CLIENT.test(after(namedClientSecretName(name, '')))
  );
}

/**
 * Checks whether a claim name fits the deployment. A StatefulSet names its claims `<template>-<pod>`. The name of a
 * claim of the deployment `eu-nats` also ends like one of `nats`, so only the labels distinguish the two.
 */
function isClaim(name: string, candidate: string): boolean {
  const start = candidate.lastIndexOf(`-${name}-`);
  return start > 0 && isServer(name, candidate.slice(start + 1));
}

function isServer(name: string, candidate: string): boolean {
  const ordinal = parsePodOrdinal(name, candidate);
  return ordinal !== undefined && ordinal < MAX_SERVERS;
}

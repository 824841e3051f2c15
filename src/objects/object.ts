import { ActionError } from '../errors/action-error.ts';
import { integerOf, isRecord, type JsonRecord, recordOf, recordsOf, textMapOf, textOf, textsOf } from './json.ts';

export type OwnerReference = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
  readonly controller: boolean;
};

/** The manager that applied or updated fields; `fields` is the FieldsV1 trie, unchanged. */
export type ManagedFields = {
  readonly manager: string;
  readonly operation: string;
  /** The API version with which the manager wrote, which determines the spelling of the fields. */
  readonly apiVersion: string;
  readonly subresource: string | undefined;
  readonly fields: unknown;
};

/** The part of ObjectMeta that the Action reads (Kubernetes API reference, meta/v1 ObjectMeta). */
export type ObjectMeta = {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly generation: number | undefined;
  readonly creationTimestamp: string | undefined;
  readonly deletionTimestamp: string | undefined;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly finalizers: readonly string[];
  readonly ownerReferences: readonly OwnerReference[];
  readonly managedFields: readonly ManagedFields[];
};

/** An object from the API server; `raw` is the whole object, for comparisons and for fields without a decoder. */
export type KubernetesObject = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly spec: unknown;
  readonly status: unknown;
  readonly raw: JsonRecord;
};

/** The kind and apiVersion of a list. Its items have neither field of their own. */
type TypeMeta = { readonly apiVersion: string; readonly kind: string };

/**
 * Decodes an object.
 * @throws ActionError CLUSTER_UNREACHABLE (`InvalidResponse`) when the value is not an object with a name.
 */
export function decodeObject(value: unknown, type?: TypeMeta): KubernetesObject {
  const raw = recordOf(value);
  const metadata = recordOf(raw['metadata']);
  const kind = textOf(raw['kind']) ?? type?.kind;
  const apiVersion = textOf(raw['apiVersion']) ?? type?.apiVersion;
  const name = textOf(metadata['name']);
  if (!isRecord(value) || kind === undefined || apiVersion === undefined || name === undefined || name === '') {
    throw createInvalidResponseError(
      `an object with apiVersion, kind and metadata.name${type === undefined ? '' : ` (${type.kind})`}`,
    );
  }
  return {
    apiVersion,
    kind,
    metadata: decodeMeta(name, metadata),
    spec: raw['spec'],
    status: raw['status'],
    raw: { apiVersion, kind, ...raw },
  };
}

/** Returns the fields that identify an object and its version. */
export function identityOf({ name, namespace = '', uid, resourceVersion }: ObjectMeta) {
  return { name, namespace, uid, resourceVersion } as const;
}

/**
 * Builds the error for an answer that does not fit the Kubernetes API; another program may answer in place of the API
 * server.
 */
export function createInvalidResponseError(expected: string, cause?: unknown): ActionError<'CLUSTER_UNREACHABLE'> {
  return new ActionError('CLUSTER_UNREACHABLE', `The API server's answer is not ${expected}.`, {
    reason: 'InvalidResponse',
    hint: 'Check that the kubeconfig names a Kubernetes API server, and that no proxy or login page answers in its place.',
    details: { server: '' },
    cause,
  });
}

function decodeMeta(name: string, metadata: JsonRecord): ObjectMeta {
  return {
    name,
    namespace: textOf(metadata['namespace']),
    uid: textOf(metadata['uid']) ?? '',
    resourceVersion: textOf(metadata['resourceVersion']) ?? '',
    generation: integerOf(metadata['generation']),
    creationTimestamp: textOf(metadata['creationTimestamp']),
    deletionTimestamp: textOf(metadata['deletionTimestamp']),
    labels: textMapOf(metadata['labels']),
    annotations: textMapOf(metadata['annotations']),
    finalizers: textsOf(metadata['finalizers']),
    ownerReferences: recordsOf(metadata['ownerReferences']).map((owner) => ({
      apiVersion: textOf(owner['apiVersion']) ?? '',
      kind: textOf(owner['kind']) ?? '',
      name: textOf(owner['name']) ?? '',
      uid: textOf(owner['uid']) ?? '',
      controller: owner['controller'] === true,
    })),
    managedFields: recordsOf(metadata['managedFields']).map((entry) => ({
      manager: textOf(entry['manager']) ?? '',
      operation: textOf(entry['operation']) ?? '',
      apiVersion: textOf(entry['apiVersion']) ?? '',
      subresource: textOf(entry['subresource']),
      fields: entry['fieldsV1'],
    })),
  };
}

/** Returns the key of an object or manifest, as `Kind/name`. */
export function objectKey({ kind, metadata }: ObjectIdentity): string {
  return `${kind}/${metadata.name}`;
}

type ObjectIdentity = { readonly kind: string; readonly metadata: { readonly name: string } };

import { clusterNames, type Labels, objectLabels } from '../cluster/names.ts';
import { EXPIRY_ANNOTATION, ORIGIN_ANNOTATION, PREVIEW_LABEL } from '../cluster/preview.ts';

export type LeaseHold = {
  readonly holder: string;
  readonly ttlMs: number;
  readonly acquiredAt: Date;
  readonly renewedAt: Date;
  readonly transitions: number;
};

type LeaseMetadata = { readonly name: string; readonly namespace: string; readonly labels: Labels };

type LeaseManifest<Metadata extends LeaseMetadata> = {
  readonly apiVersion: 'coordination.k8s.io/v1';
  readonly kind: 'Lease';
  readonly metadata: Metadata;
  readonly spec: {
    readonly holderIdentity: string;
    readonly leaseDurationSeconds: number;
    readonly acquireTime: string;
    readonly renewTime: string;
    readonly leaseTransitions: number;
  };
};

/** Builds the lock of the deployment `name` (Kubernetes API reference, coordination.k8s.io/v1 Lease). */
export function buildLease(name: string, namespace: string, hold: LeaseHold): LeaseManifest<LeaseMetadata> {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: clusterNames(name).lease, namespace, labels: objectLabels(name) },
    spec: {
      holderIdentity: hold.holder,
      leaseDurationSeconds: Math.ceil(hold.ttlMs / 1000),
      acquireTime: formatMicroTime(hold.acquiredAt),
      renewTime: formatMicroTime(hold.renewedAt),
      leaseTransitions: hold.transitions,
    },
  };
}

/**
 * Builds the same Lease as a replacement of the given version. With the uid, the API server does not create a deleted
 * Lease again.
 */
export function buildRenewedLease(
  name: string,
  namespace: string,
  hold: LeaseHold,
  { uid, resourceVersion }: { readonly uid: string; readonly resourceVersion: string },
): LeaseManifest<LeaseMetadata & { readonly uid: string; readonly resourceVersion: string }> {
  const manifest = buildLease(name, namespace, hold);
  return { ...manifest, metadata: { ...manifest.metadata, uid, resourceVersion } };
}

/** Formats a time as meta/v1 MicroTime, which has six digits of fraction. */
function formatMicroTime(time: Date): string {
  return time.toISOString().replace('Z', '000Z');
}

export type PreviewTerm = {
  readonly expires: Date;
  /** The run that made or renewed the preview. */
  readonly holder: string;
  /** The text of the input `name`. */
  readonly origin?: string | undefined;
};

type PreviewManifest = {
  readonly apiVersion: 'coordination.k8s.io/v1';
  readonly kind: 'Lease';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Labels;
    readonly annotations: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly holderIdentity: string };
};

/** Builds the Lease that marks the deployment `name` as a preview and holds its expiry. */
export function buildPreviewLease(
  name: string,
  namespace: string,
  { expires, holder, origin }: PreviewTerm,
): PreviewManifest {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      name: clusterNames(name).previewLease,
      namespace,
      labels: { ...objectLabels(name), [PREVIEW_LABEL]: 'true' },
      annotations: {
        [EXPIRY_ANNOTATION]: expires.toISOString(),
        ...(origin === undefined ? {} : { [ORIGIN_ANNOTATION]: origin }),
      },
    },
    spec: { holderIdentity: holder },
  };
}

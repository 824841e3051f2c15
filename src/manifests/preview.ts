import { type Labels, objectLabels } from '../cluster/labels.ts';
import { clusterNames } from '../cluster/names.ts';
import { EXPIRY_ANNOTATION, ORIGIN_ANNOTATION, PREVIEW_LABEL } from '../cluster/preview.ts';

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
export function previewManifest(
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

import { FIELD_MANAGER, SERVER_CONTAINER } from '../../cluster/names.ts';
import { isChangedByAdmission } from '../../drift/admission.ts';
import { isSameRelease } from '../../nats/mesh/version.ts';
import { listOf, recordOf, textOf } from '../../objects/json.ts';
import type { KubernetesObject } from '../../objects/object.ts';

/**
 * The annotation with the revision that was last verified from outside. A run that died before its checks does not set
 * it.
 */
export const VERIFIED_ANNOTATION = 'nats-cluster-action/proved';

/**
 * The annotation with the deployment that was verified, which is restored when a later deployment fails. It holds no
 * secret.
 */
export const DEPLOYMENT_ANNOTATION = 'nats-cluster-action/proved-deployment';

export type VerifiedDeployment = {
  readonly image: string;
  readonly settings: string;
  /** The digest (`digestConfiguration`) of the user's own configuration, if there was one. */
  readonly configuration?: string;
  /** The newest release that a server reported, for example `2.15.2`. */
  readonly release?: string;
  /** The time of the verification from outside (RFC 3339), and the run that did it. */
  readonly verified?: { readonly at: string; readonly by: string };
};

/**
 * Returns the recorded deployment; undefined if it is missing or was edited into something else, because it then cannot
 * be restored.
 */
export function readVerifiedDeployment(text: string | undefined): VerifiedDeployment | undefined {
  const { image, settings, configuration, release, verified } = recordOf(
    text === undefined ? undefined : parseJson(text),
  );
  if (typeof image !== 'string' || typeof settings !== 'string') return undefined;
  return {
    image,
    settings,
    ...(typeof configuration === 'string' ? { configuration } : {}),
    ...(typeof release === 'string' ? { release } : {}),
    ...readVerification(verified),
  };
}

/** The longest text that names a run. The URL of any run is shorter. */
const MAX_RUN_LENGTH = 300;

function readVerification(value: unknown): Pick<VerifiedDeployment, 'verified'> {
  const { at, by } = recordOf(value);
  const isDate = typeof at === 'string' && !Number.isNaN(Date.parse(at));
  return isDate && typeof by === 'string'
    ? { verified: { at: new Date(at).toISOString(), by: by.slice(0, MAX_RUN_LENGTH) } }
    : {};
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // The annotation was edited by hand, so the record is unusable.
  }
}

/** Returns the image that was last `asked` for if admission gave it another name, otherwise the image in the object. */
export function readAskedImage(set: KubernetesObject, asked: string | undefined): string | undefined {
  const stored = readServerImage(set.spec);
  if (asked === undefined || stored === undefined || stored === asked) return stored;
  const isAdmitted = isChangedByAdmission(
    set,
    `spec.template.spec.containers[${SERVER_CONTAINER}].image`,
    FIELD_MANAGER,
  );
  return isAdmitted && isSameRelease(asked, stored) ? asked : stored;
}

/** Returns the image of the server in the pod template. */
function readServerImage(spec: unknown): string | undefined {
  const podSpec = recordOf(recordOf(recordOf(spec)['template'])['spec']);
  const server = listOf(podSpec['containers'])
    .map(recordOf)
    .find(({ name }) => name === SERVER_CONTAINER);
  return textOf(server?.['image']);
}

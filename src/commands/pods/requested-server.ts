import type { ClusterSpec } from '../../cluster/spec.ts';
import { findAdmissionChanges, renderAdmissionChange } from '../../drift/admission.ts';
import { ActionError } from '../../errors/action-error.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import { reportRefusedSystemCredentials } from '../../inputs/operator-contradictions.ts';
import { buildServersManifest, INITIAL_ROLLOUT } from '../../manifests/manifests.ts';
import {
  isEqualRelease,
  isOlderMinor,
  isSupported,
  parseNatsRelease,
  parseServerVersion,
} from '../../nats/mesh/version.ts';
import { valueAt } from '../../objects/json.ts';
import type { Pod } from '../../objects/pod.ts';
import { isRefusal, type ServerFailure } from '../../servers/failure.ts';
import { admissionError } from '../live/admission.ts';
import type { SystemAccess } from './server-access.ts';

/**
 * The pod fields that admission may change: node selection and resources (a vertical autoscaler changes these). It may
 * not change the server.
 */
const SCHEDULING_FIELDS = /\.(?:resources|affinity|topologySpreadConstraints|nodeSelector)\b/;

/**
 * Refuses a pod in which admission has changed the server that this run requested in the StatefulSet.
 * @throws ActionError APPLY_REJECTED, reason ChangedByAdmission.
 */
export function requireRequestedPod(spec: ClusterSpec, { name, spec: stored }: Pod): void {
  const asked = valueAt(buildServersManifest(spec, INITIAL_ROLLOUT), 'spec', 'template', 'spec');
  const inTemplate = (pod: unknown) => ({ kind: 'Pod', spec: { template: { spec: pod } } });
  const harmful = findAdmissionChanges(inTemplate(asked), inTemplate(stored)).filter(
    ({ isHarmless, kind, path }) => !isHarmless && kind === 'changed' && !SCHEDULING_FIELDS.test(path),
  );
  if (harmful.length > 0) {
    const object = `Pod/${name}`;
    const texts = harmful.map((change) =>
      renderAdmissionChange({ ...change, path: change.path.replace('spec.template.', '') }),
    );
    throw admissionError(
      texts.map((text) => ({ object, reason: 'ChangedByAdmission', message: `${object}: ${text}` })),
    );
  }
}

/**
 * Refuses a server whose release is not the one that its image names. Refuses a server with JetStream whose minor
 * release is older than the one that the servers ran before. The first such server ends a rolling change.
 * @throws ActionError SERVER_UNSUPPORTED, reason OtherRelease or Downgrade.
 */
export function requireRequestedRelease(
  { spec, ranRelease }: { readonly spec: ClusterSpec; readonly ranRelease: string | undefined },
  pod: string,
  version: string,
): void {
  const runs = parseServerVersion(version);
  if (runs === undefined) return;
  const promised = parseNatsRelease(spec.image);
  if (promised !== undefined && !isEqualRelease(promised, runs)) {
    throw otherReleaseError(spec.image, pod, version);
  }
  const ran = ranRelease === undefined ? undefined : parseServerVersion(ranRelease);
  if (spec.jetstream !== undefined && ran !== undefined && isOlderMinor(runs, ran)) {
    throw downgradeError(spec.image, pod, version, ranRelease ?? '');
  }
}

function otherReleaseError(image: string, pod: string, version: string): ActionError<'SERVER_UNSUPPORTED'> {
  const message = `${pod} runs nats-server ${version}, expected the release of image ${image}`;
  return new ActionError('SERVER_UNSUPPORTED', message, {
    reason: 'OtherRelease',
    hint: `Check what the registry has under ${image}, and whether a registry mirror or an admission policy of the Kubernetes cluster replaces it (\`kubectl get pod ${pod} -o jsonpath='{.status.containerStatuses[0].imageID}'\`). Or set \`image\` to the release that is to run.`,
    details: { image, version },
  });
}

function downgradeError(image: string, pod: string, version: string, ran: string): ActionError<'SERVER_UNSUPPORTED'> {
  const message = `image ${image} runs nats-server ${version} in ${pod}, and the servers with JetStream ran ${ran} before; an older minor release may not be able to read the stored streams`;
  return new ActionError('SERVER_UNSUPPORTED', message, {
    reason: 'Downgrade',
    hint: `Set \`image\` to release ${ran} (for example \`image: nats:${ran}\`) and run the job again: it replaces ${pod} and leaves the other servers alone.`,
    details: { image, version },
  });
}

export function unsupportedServerError(image: string, version: string | undefined): ActionError<'SERVER_UNSUPPORTED'> {
  return new ActionError(
    'SERVER_UNSUPPORTED',
    `image ${image} is nats-server ${version ?? 'of an unknown release'}; this action needs 2.10 or newer to verify and reload it`,
    {
      hint: 'Set `image` to 2.10 or newer, for example `image: nats:2.15.2`, or leave `image` out.',
      details: { image, version },
    },
  );
}

/**
 * Refuses a server whose release is not supported.
 * @throws ActionError SERVER_UNSUPPORTED
 */
export function requireSupportedRelease(image: string, reported: string): void {
  const version = parseServerVersion(reported);
  if (version === undefined || !isSupported(version)) {
    throw unsupportedServerError(image, reported);
  }
}

/**
 * The number of refusals in a row after which the credentials count as wrong. A server that is being reloaded or
 * replaced may refuse them now and then.
 */
const MAX_REFUSALS = 5;

/**
 * Refuses user-provided system credentials that a server has rejected several times in a row. Waiting cannot fix them,
 * because a server learns its system account only when it starts.
 * @throws ActionError INPUT_INVALID
 */
export function requireSystemUser(
  { system }: SystemAccess,
  pod: Pod,
  server: { authRefusals: number },
  failure: ServerFailure,
): void {
  const isAuthRefused = system.jwt !== undefined && pod.ready && isRefusal(failure);
  server.authRefusals = isAuthRefused ? server.authRefusals + 1 : 0;
  if (server.authRefusals >= MAX_REFUSALS) {
    throw createInputError([reportRefusedSystemCredentials(pod.name)]);
  }
}

import { clusterNames, configurationSecretName } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { InputViolation } from '../../errors.ts';
import { inputInvalid } from '../../inputs/violations.ts';
import { type Manifest, openManifestsFor } from '../../manifests/manifests.ts';
import type { Certificates, DeploymentCredentials } from '../../manifests/material.ts';
import { sizeViolations } from '../../manifests/object-sizes.ts';
import { configurationSecret, systemSecret } from '../../manifests/secrets.ts';
import { renderConfiguration } from '../../nats/conf/render.ts';
import { joinedConfiguration } from '../configuration.ts';

/**
 * The bytes that a rotation adds: a second client user, the certificates of the users of the Action, and a server or
 * two.
 */
const ROTATION_BYTES = 32_768;

/** The bytes that the record of a verified deployment has in addition to the settings. */
const RECORD_BYTES = 1024;

const NO_CERTIFICATES: Certificates = {
  authorities: { client: undefined, route: undefined },
  clientTrust: '',
  routeTrust: '',
  server: { certificate: '', privateKey: '' },
  routes: {},
  clients: {},
};

type Terms = {
  readonly spec: ClusterSpec;
  readonly credentials: DeploymentCredentials;
  /** The text that `settingsOf` writes. */
  readonly settings: string;
};

/**
 * Refuses, before anything is written, inputs that make an object larger than an API server stores, now or after the
 * rotations that may follow.
 * @throws ActionError INPUT_INVALID with the Secret, its size and the input to change
 */
export function requireStorable(terms: Terms): void {
  const violations = violationsOf(terms);
  if (violations.length > 0) throw inputInvalid(violations);
}

/**
 * Returns the credentials as Secret `<name>-system` can keep them. The Secret keeps the configuration before this one,
 * too, so that a later run can restore it. If both do not fit, only the new one is kept, unless the run must be able to
 * restore the other one.
 * @throws ActionError INPUT_INVALID as `requireStorable`
 */
export function storableCredentials(terms: Terms, needsPrevious: boolean): DeploymentCredentials {
  const violations = violationsOf(terms);
  if (violations.length === 0) return terms.credentials;
  const { previousConfiguration, ...credentials } = terms.credentials;
  if (needsPrevious || previousConfiguration === undefined) throw inputInvalid(violations);
  requireStorable({ ...terms, credentials });
  return credentials;
}

function violationsOf({ spec, credentials, settings }: Terms): readonly InputViolation[] {
  // The digest is as long as any other, and the text differs in nothing else.
  const configurationText = renderConfiguration(joinedConfiguration(spec, credentials, '0'.repeat(12)));
  const objects = [
    configurationSecret(spec, { configurationText, credentials }, 0),
    systemSecret(spec, { credentials, certificates: NO_CERTIFICATES, settings }),
    ...openManifestsFor(spec),
  ];
  const { statefulSet, systemSecret: system } = clusterNames(spec.name);
  const recorded = Buffer.byteLength(JSON.stringify({ settings })) + RECORD_BYTES;
  return sizeViolations(objects, {
    configurationInput: credentials.configuration?.input,
    reserved: { [configurationSecretName(spec.name, 0)]: ROTATION_BYTES, [system]: ROTATION_BYTES },
    annotated: { [`StatefulSet/${statefulSet}`]: recorded },
  });
}

/**
 * Refuses objects, as they are to be applied now, that are larger than an API server stores.
 * @throws ActionError INPUT_INVALID with the Secret, its size and the input to change
 */
export function requireSizes(
  objects: readonly Manifest[],
  { configuration }: Pick<DeploymentCredentials, 'configuration'>,
): void {
  const violations = sizeViolations(objects, { configurationInput: configuration?.input });
  if (violations.length > 0) throw inputInvalid(violations);
}

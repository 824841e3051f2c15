import { isConfigurationSecretName, namedClientSecretName } from '../cluster/names.ts';
import { fixedSecrets } from '../cluster/owned-names.ts';
import { isGenerationOf } from '../cluster/user.ts';
import type { Contradiction } from './contradictions.ts';
import type { DeploymentInputs } from './inputs.ts';
import { certificateRows } from './rows/certificates.ts';
import { credentialRows } from './rows/credentials.ts';
import { targetRows } from './rows/target.ts';

/**
 * Returns the contradictions between names: two parts of one deployment would have the same name, now or after a
 * rotation.
 */
export function nameContradictions(inputs: DeploymentInputs): readonly Contradiction[] {
  return [...clientContradictions(inputs), ...secretContradictions(inputs)];
}

/**
 * Finds clients whose name collides with a successor of the client user. A client with the name of the client user is
 * that user; a client with the name of a successor would become the user.
 */
function clientContradictions({ clientCertificates, clientUser }: DeploymentInputs): readonly Contradiction[] {
  const { clientCertificates: row } = certificateRows;
  return clientCertificates
    .filter((client) => client !== clientUser && isGenerationOf(client, clientUser))
    .map((client) => {
      const message = `client \`${client}\` is called as \`client-user\` will be after a rotation, expected another name`;
      const correction = `# rename \`${client}\` in \`${row.name}\``;
      return { violation: { input: row.name, message, correction }, involves: [row, credentialRows.clientUser] };
    });
}

/** Refuses a user-provided certificate Secret that the Action itself would write, or remove as unused. */
function secretContradictions(inputs: DeploymentInputs): readonly Contradiction[] {
  const { name, clientCertificates } = inputs;
  const own = [...fixedSecrets(name), ...clientCertificates.map((client) => namedClientSecretName(name, client))];
  const given = [
    [certificateRows.serverTlsSecret, inputs.serverTlsSecret],
    [certificateRows.routeTlsSecret, inputs.routeTlsSecret],
  ] as const;
  return given.flatMap(([row, secret]) => {
    if (secret === undefined || !(own.includes(secret) || isConfigurationSecretName(name, secret))) return [];
    const message = `got \`${secret}\`, which is a Secret of the Action itself, expected one that is yours`;
    const correction = `# copy your certificate to a Secret of another name, and write it here`;
    return [{ violation: { input: row.name, message, correction }, involves: [row, targetRows.name] }];
  });
}

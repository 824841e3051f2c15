import { isConfigurationSecretName, namedClientSecretName } from '../cluster/names.ts';
import { listFixedSecrets } from '../cluster/owned-names.ts';
import { isGenerationOf } from '../cluster/user.ts';

import type { Contradiction } from './contradictions.ts';
import { parseQuantity } from './grammar/number.ts';
import type { Row } from './grammar/row.ts';
import { formatWorkflowLine } from './grammar/violations.ts';
import type { DeploymentInputs } from './inputs.ts';
import { certificateRows } from './rows/certificates.ts';
import { clusterRows } from './rows/cluster.ts';
import { credentialRows } from './rows/credentials.ts';
import { jetstreamRows } from './rows/jetstream.ts';
import { targetRows } from './rows/target.ts';

type Found = Contradiction | undefined;

/** Returns the contradictions between the JetStream inputs. */
export function findJetStreamContradictions(
  inputs: DeploymentInputs,
  isGiven: (row: Row<unknown>) => boolean,
): readonly Contradiction[] {
  const found = inputs.jetstream
    ? [checkStorage(inputs), checkStorageClass(inputs), checkMemoryLimit(inputs)]
    : [jetstreamRows.storage, jetstreamRows.storageClass, jetstreamRows.memory]
        .filter(isGiven)
        .map(reportWithoutJetStream);
  return found.filter((one: Found) => one !== undefined);
}

function createContradiction(
  row: Row<unknown>,
  other: Row<unknown>,
  message: string,
  correction: string,
): Contradiction {
  return { violation: { input: row.name, message, correction }, involves: [row, other] };
}

function reportWithoutJetStream(row: Row<unknown>): Contradiction {
  const { jetstream } = jetstreamRows;
  const message = `got \`${row.name}\` without \`${jetstream.name}\`, expected both or neither`;
  return createContradiction(row, jetstream, message, formatWorkflowLine(jetstream.name, 'true'));
}

function checkStorage({ jetstreamStorage, jetstreamMemory }: DeploymentInputs): Found {
  const { storage, memory } = jetstreamRows;
  const message = `got 0, and \`${memory.name}\` is 0 as well, expected at least one of them above 0 as storage for streams`;
  return jetstreamStorage.bytes + jetstreamMemory.bytes > 0
    ? undefined
    : createContradiction(storage, memory, message, formatWorkflowLine(storage.name, storage.default));
}

function checkStorageClass({ jetstreamStorage, jetstreamStorageClass }: DeploymentInputs): Found {
  const { storage, storageClass } = jetstreamRows;
  const message = `got a storage class although \`${storage.name}\` is 0, expected a size for the volume or no storage class`;
  return jetstreamStorageClass === undefined || jetstreamStorage.bytes > 0
    ? undefined
    : createContradiction(storageClass, storage, message, formatWorkflowLine(storage.name, storage.default));
}

/** Checks the memory limit: the kernel would end the server before streams in memory reach their maximum size. */
function checkMemoryLimit({ resources, jetstreamMemory }: DeploymentInputs): Found {
  const limit = resources.limits?.['memory'];
  const limitBytes = limit === undefined ? undefined : parseQuantity(limit);
  const { memory } = jetstreamRows;
  const message = `got ${jetstreamMemory.quantity}, expected less than \`limits.memory\` of \`resources\` (${limit})`;
  return limitBytes === undefined || jetstreamMemory.bytes < limitBytes
    ? undefined
    : createContradiction(
        memory,
        clusterRows.resources,
        message,
        formatWorkflowLine(memory.name, String(Math.floor(limitBytes / 2))),
      );
}

/**
 * Returns the contradictions between names: two users or two Secrets of one deployment would have the same name, now or
 * after a rotation.
 */
export function findNameContradictions(inputs: DeploymentInputs): readonly Contradiction[] {
  return [...findClientContradictions(inputs), ...findSecretContradictions(inputs)];
}

/**
 * Finds clients whose name collides with a successor of the client user. A client with the name of the client user is
 * that user; a client with the name of a successor would become the user.
 */
function findClientContradictions({ clientCertificates, clientUser }: DeploymentInputs): readonly Contradiction[] {
  const { clientCertificates: row } = certificateRows;
  return clientCertificates
    .filter((client) => client !== clientUser && isGenerationOf(client, clientUser))
    .map((client) => {
      const message = `client \`${client}\` has the name that \`client-user\` gets in a rotation, expected another name`;
      const correction = `# rename \`${client}\` in \`${row.name}\``;
      return { violation: { input: row.name, message, correction }, involves: [row, credentialRows.clientUser] };
    });
}

/** Refuses a user-provided certificate Secret that the Action itself would write, or remove as unused. */
function findSecretContradictions(inputs: DeploymentInputs): readonly Contradiction[] {
  const { name, clientCertificates } = inputs;
  const own = [...listFixedSecrets(name), ...clientCertificates.map((client) => namedClientSecretName(name, client))];
  const given = [
    [certificateRows.serverTlsSecret, inputs.serverTlsSecret],
    [certificateRows.routeTlsSecret, inputs.routeTlsSecret],
  ] as const;
  return given.flatMap(([row, secret]) => {
    if (secret === undefined || !(own.includes(secret) || isConfigurationSecretName(name, secret))) return [];
    const message = `got \`${secret}\`, the name of a Secret that the Action writes, expected a Secret of your own`;
    const correction = `# copy your certificate to a Secret with another name, and write that name here`;
    return [{ violation: { input: row.name, message, correction }, involves: [row, targetRows.name] }];
  });
}

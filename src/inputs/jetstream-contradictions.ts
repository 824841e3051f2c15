import type { Contradiction } from './contradictions.ts';
import type { DeploymentInputs } from './inputs.ts';
import { quantityAmount } from './quantity.ts';
import type { Row } from './row.ts';
import { clusterRows } from './rows/cluster.ts';
import { jetstreamRows } from './rows/jetstream.ts';
import { workflowLine } from './workflow-line.ts';

type Found = Contradiction | undefined;

/** Returns the contradictions between the JetStream inputs. */
export function jetstreamContradictions(
  inputs: DeploymentInputs,
  isGiven: (row: Row<unknown>) => boolean,
): readonly Contradiction[] {
  const found = inputs.jetstream
    ? [nowhereToStore(inputs), classWithoutVolume(inputs), moreThanTheLimit(inputs)]
    : [jetstreamRows.storage, jetstreamRows.storageClass, jetstreamRows.memory].filter(isGiven).map(withoutJetstream);
  return found.filter((one: Found) => one !== undefined);
}

function contradiction(row: Row<unknown>, other: Row<unknown>, message: string, correction: string): Contradiction {
  return { violation: { input: row.name, message, correction }, involves: [row, other] };
}

function withoutJetstream(row: Row<unknown>): Contradiction {
  const { jetstream } = jetstreamRows;
  const message = `got it without \`${jetstream.name}\`, expected both or neither`;
  return contradiction(row, jetstream, message, workflowLine(jetstream.name, 'true'));
}

function nowhereToStore({ jetstreamStorage, jetstreamMemory }: DeploymentInputs): Found {
  const { storage, memory } = jetstreamRows;
  const message = `got 0 beside \`${memory.name}: 0\`, expected one of them to be more; streams had nowhere to be`;
  return jetstreamStorage.bytes + jetstreamMemory.bytes > 0
    ? undefined
    : contradiction(storage, memory, message, workflowLine(storage.name, storage.default));
}

function classWithoutVolume({ jetstreamStorage, jetstreamStorageClass }: DeploymentInputs): Found {
  const { storage, storageClass } = jetstreamRows;
  const message = `got one beside \`${storage.name}: 0\`, expected a volume for it or no class`;
  return jetstreamStorageClass === undefined || jetstreamStorage.bytes > 0
    ? undefined
    : contradiction(storageClass, storage, message, workflowLine(storage.name, storage.default));
}

/** Checks the memory limit: the kernel would end the server before streams in memory reach their maximum size. */
function moreThanTheLimit({ resources, jetstreamMemory }: DeploymentInputs): Found {
  const limit = resources.limits?.['memory'];
  const limitBytes = limit === undefined ? undefined : quantityAmount(limit);
  const { memory } = jetstreamRows;
  const message = `got ${jetstreamMemory.quantity}, expected less than \`limits.memory\` of \`resources\` (${limit})`;
  return limitBytes === undefined || jetstreamMemory.bytes < limitBytes
    ? undefined
    : contradiction(
        memory,
        clusterRows.resources,
        message,
        workflowLine(memory.name, String(Math.floor(limitBytes / 2))),
      );
}

import type { Command, ValueOf } from './row.ts';
import { readCertificates, readIssuance, readRenewal } from './rows/certificates.ts';
import { readCluster } from './rows/cluster.ts';
import { readConfigurationInputs } from './rows/configuration.ts';
import { readConsent } from './rows/consent.ts';
import { readCredentials, readUsers } from './rows/credentials.ts';
import { readFiles } from './rows/files.ts';
import { readJetstream } from './rows/jetstream.ts';
import { readLogging } from './rows/logging.ts';
import { readPruning, readTtl } from './rows/preview.ts';
import { readReport, readRollback, readSmokeTest } from './rows/report.ts';
import { readRotation } from './rows/rotation.ts';
import { readCreation, readName, readTarget } from './rows/target.ts';

/** The target of a command for one deployment. */
function readDeployed(valueOf: ValueOf) {
  return { ...readTarget(valueOf), ...readName(valueOf) } as const;
}

/** A whole deployment. */
function readDeployment(valueOf: ValueOf) {
  return {
    ...readDeployed(valueOf),
    ...readCreation(valueOf),
    ...readCluster(valueOf),
    ...readJetstream(valueOf),
    ...readCredentials(valueOf),
    ...readUsers(valueOf),
    ...readLogging(valueOf),
    ...readIssuance(valueOf),
    ...readCertificates(valueOf),
    ...readConfigurationInputs(valueOf),
    ...readFiles(valueOf),
    ...readTtl(valueOf),
    ...readConsent(valueOf),
    ...readRollback(valueOf),
    ...readSmokeTest(valueOf),
    ...readReport(valueOf),
  } as const;
}

/** Each command reads its rows, no other; a test holds this against the rows' `commands`. */
export const readers = {
  deploy: (valueOf: ValueOf) => ({ command: 'deploy', ...readDeployment(valueOf) }) as const,
  plan: (valueOf: ValueOf) => ({ command: 'plan', ...readDeployment(valueOf) }) as const,
  verify: (valueOf: ValueOf) =>
    ({ command: 'verify', ...readDeployed(valueOf), ...readRenewal(valueOf), ...readReport(valueOf) }) as const,
  rotate: (valueOf: ValueOf) =>
    ({
      command: 'rotate',
      ...readDeployed(valueOf),
      ...readCredentials(valueOf),
      ...readIssuance(valueOf),
      ...readRotation(valueOf),
      ...readConsent(valueOf),
      ...readSmokeTest(valueOf),
      ...readReport(valueOf),
    }) as const,
  delete: (valueOf: ValueOf) =>
    ({ command: 'delete', ...readDeployed(valueOf), ...readConsent(valueOf), ...readReport(valueOf) }) as const,
  prune: (valueOf: ValueOf) =>
    ({
      command: 'prune',
      ...readTarget(valueOf),
      ...readPruning(valueOf),
      ...readConsent(valueOf),
      ...readReport(valueOf),
    }) as const,
} satisfies Record<Command, (valueOf: ValueOf) => { readonly command: Command }>;

export type DeployInputs = ReturnType<typeof readers.deploy>;
export type DeploymentInputs = DeployInputs | ReturnType<typeof readers.plan>;
export type VerifyInputs = ReturnType<typeof readers.verify>;
export type RotateInputs = ReturnType<typeof readers.rotate>;
export type DeleteInputs = ReturnType<typeof readers.delete>;
export type PruneInputs = ReturnType<typeof readers.prune>;

/** Everything a run was asked for, tagged by its command. Durations are in milliseconds, sizes in bytes. */
export type Inputs = DeploymentInputs | VerifyInputs | RotateInputs | DeleteInputs | PruneInputs;

/** Whether they are of a whole deployment. */
export function isDeploying(inputs: Inputs): inputs is DeploymentInputs {
  return inputs.command === 'deploy' || inputs.command === 'plan';
}

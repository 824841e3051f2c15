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
import { readRendering } from './rows/rendering.ts';
import { readReport, readRollback, readSmokeTest, readSummary } from './rows/report.ts';
import { readRotation } from './rows/rotation.ts';
import { readCreation, readNamespace, readPlace, readTarget } from './rows/target.ts';

/** Reads all inputs that describe a deployment, except its names. */
function readDescription(valueOf: ValueOf) {
  return {
    ...readCluster(valueOf),
    ...readJetstream(valueOf),
    ...readCredentials(valueOf),
    ...readUsers(valueOf),
    ...readLogging(valueOf),
    ...readIssuance(valueOf),
    ...readCertificates(valueOf),
    ...readConfigurationInputs(valueOf),
    ...readFiles(valueOf),
  } as const;
}

/** Reads the inputs of a deployment in a Kubernetes cluster. */
function readDeployment(valueOf: ValueOf) {
  return {
    ...readTarget(valueOf),
    ...readCreation(valueOf),
    ...readDescription(valueOf),
    ...readTtl(valueOf),
    ...readConsent(valueOf),
    ...readRollback(valueOf),
    ...readSmokeTest(valueOf),
    ...readReport(valueOf),
  } as const;
}

/**
 * The readers of the commands. Each command reads only its own rows; a test checks this against the rows' `commands`.
 */
export const readers = {
  deploy: (valueOf: ValueOf) => ({ command: 'deploy', ...readDeployment(valueOf) }) as const,
  plan: (valueOf: ValueOf) => ({ command: 'plan', ...readDeployment(valueOf) }) as const,
  verify: (valueOf: ValueOf) =>
    ({ command: 'verify', ...readTarget(valueOf), ...readRenewal(valueOf), ...readReport(valueOf) }) as const,
  rotate: (valueOf: ValueOf) =>
    ({
      command: 'rotate',
      ...readTarget(valueOf),
      ...readCredentials(valueOf),
      ...readIssuance(valueOf),
      ...readRotation(valueOf),
      ...readConsent(valueOf),
      ...readSmokeTest(valueOf),
      ...readReport(valueOf),
    }) as const,
  delete: (valueOf: ValueOf) =>
    ({ command: 'delete', ...readTarget(valueOf), ...readConsent(valueOf), ...readReport(valueOf) }) as const,
  prune: (valueOf: ValueOf) =>
    ({
      command: 'prune',
      ...readNamespace(valueOf),
      ...readPruning(valueOf),
      ...readConsent(valueOf),
      ...readReport(valueOf),
    }) as const,
  render: (valueOf: ValueOf) =>
    ({
      command: 'render',
      ...readPlace(valueOf),
      ...readDescription(valueOf),
      ...readRendering(valueOf),
      ...readConsent(valueOf),
      ...readSummary(valueOf),
    }) as const,
} satisfies Record<Command, (valueOf: ValueOf) => { readonly command: Command }>;

export type DeployInputs = ReturnType<typeof readers.deploy>;
export type PlanInputs = ReturnType<typeof readers.plan>;
export type VerifyInputs = ReturnType<typeof readers.verify>;
export type RotateInputs = ReturnType<typeof readers.rotate>;
export type DeleteInputs = ReturnType<typeof readers.delete>;
export type PruneInputs = ReturnType<typeof readers.prune>;
export type RenderInputs = ReturnType<typeof readers.render>;

/** The description of a deployment, independent of the command. */
export type DeploymentInputs = ReturnType<typeof readPlace> & ReturnType<typeof readDescription>;

/** All inputs of a run, tagged by its command. Durations are in milliseconds, sizes in bytes. */
export type Inputs =
  | DeployInputs
  | PlanInputs
  | VerifyInputs
  | RotateInputs
  | DeleteInputs
  | PruneInputs
  | RenderInputs;

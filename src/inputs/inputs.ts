import type { Command, Row, ValueOf } from './grammar/row.ts';
import { certificateRows, readCertificates, readIssuance, readRenewal } from './rows/certificates.ts';
import { clusterRows, readCluster } from './rows/cluster.ts';
import { configurationRows, fileRows, readConfigurationInputs, readFiles } from './rows/configuration.ts';
import { consentRows, readConsent } from './rows/consent.ts';
import { credentialRows, readCredentials, readUsers } from './rows/credentials.ts';
import { jetstreamRows, readJetstream } from './rows/jetstream.ts';
import { loggingRows, readLogging } from './rows/logging.ts';
import { previewRows, readPruning, readTtl } from './rows/preview.ts';
import { readRendering, renderingRows } from './rows/rendering.ts';
import { readReport, readRollback, readSmokeTest, readSummary, reportRows } from './rows/report.ts';
import { readRotation, rotationRows } from './rows/rotation.ts';
import { readCreation, readNamespace, readPlace, readTarget, targetRows } from './rows/target.ts';

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

/**
 * All inputs, in the order of action.yml. This table is the one source of the action's metadata, its documentation and
 * its parser.
 */
export const inputTable: readonly Row<unknown>[] = [
  targetRows,
  clusterRows,
  jetstreamRows,
  credentialRows,
  loggingRows,
  certificateRows,
  configurationRows,
  fileRows,
  rotationRows,
  renderingRows,
  previewRows,
  consentRows,
  reportRows,
].flatMap((rows) => Object.values<Row<unknown>>(rows));

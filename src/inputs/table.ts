import type { Row } from './row.ts';
import { certificateRows } from './rows/certificates.ts';
import { clusterRows } from './rows/cluster.ts';
import { configurationRows } from './rows/configuration.ts';
import { consentRows } from './rows/consent.ts';
import { credentialRows } from './rows/credentials.ts';
import { fileRows } from './rows/files.ts';
import { jetstreamRows } from './rows/jetstream.ts';
import { loggingRows } from './rows/logging.ts';
import { previewRows } from './rows/preview.ts';
import { renderingRows } from './rows/rendering.ts';
import { reportRows } from './rows/report.ts';
import { rotationRows } from './rows/rotation.ts';
import { targetRows } from './rows/target.ts';

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

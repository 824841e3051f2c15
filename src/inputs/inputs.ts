import type { Command, ValueOf } from './row.ts';
import { readCertificates } from './rows/certificates.ts';
import { readCluster } from './rows/cluster.ts';
import { readCredentials } from './rows/credentials.ts';
import { readLogging } from './rows/logging.ts';
import { readReport } from './rows/report.ts';
import { readTarget } from './rows/target.ts';

/** Each command reads its rows, no other; a test holds this against the rows' `commands`. */
export const readers = {
  deploy: (valueOf: ValueOf) =>
    ({
      command: 'deploy',
      ...readTarget(valueOf),
      ...readCluster(valueOf),
      ...readCredentials(valueOf),
      ...readLogging(valueOf),
      ...readCertificates(valueOf),
      ...readReport(valueOf),
    }) as const,
} satisfies Record<Command, (valueOf: ValueOf) => { readonly command: Command }>;

export type DeployInputs = ReturnType<typeof readers.deploy>;

/** Everything a run was asked for, tagged by its command. Durations are in milliseconds, sizes in bytes. */
export type Inputs = DeployInputs;

import { fileMap } from '../files.ts';
import { DESCRIBING_COMMANDS, optional, type ValueOf } from '../row.ts';

export const fileRows = {
  files: optional(fileMap, {
    name: 'files',
    group: 'Configuration',
    description:
      'Files beside the configuration of the servers, as a YAML mapping of name to text, or to `{path: deploy/accounts.conf}` for a file of the workspace, found at `/etc/nats/<name>`. At most 256 KiB together; as one input a runner on Linux passes 128 KiB, so that more has to come by `path`. They are kept in Secrets and reach the servers by reload. Those left out in a later run are gone.',
    commands: DESCRIBING_COMMANDS,
  }),
} as const;

/** Reads the files; `rotate` keeps those of the last deployment. */
export function readFiles(valueOf: ValueOf) {
  return { files: valueOf(fileRows.files) ?? {} } as const;
}

import { hasCode } from '../../errors/action-error.ts';
import type { UserConfiguration } from '../../nats/conf/settings/merge.ts';
import { secretsInText, secretsOf } from '../../nats/conf/settings/secrets.ts';
import { readTexts } from '../../nats/conf/settings/sources.ts';
import { fileMap } from '../grammar/files.ts';
import {
  accepted,
  DESCRIBING_COMMANDS,
  type Grammar,
  optional,
  type Parsed,
  refused,
  type ValueOf,
} from '../grammar/row.ts';

const INPUT = 'config';

/** The user's nats-server configuration as text. It can include no files, because none are beside it. */
const configurationText: Grammar<UserConfiguration> = {
  expected: 'a configuration of nats-server, in its own syntax, YAML or JSON',
  example: 'max_subscriptions: 1000',
  typing: { type: 'string' },
  parse: read,
  secrets: (text) => {
    const parsed = read(text);
    return parsed.kind === 'accepted' ? secretsOf(parsed.value.tree) : secretsInText(text);
  },
};

/** The path of the configuration file, which the entry point reads. */
const configurationPath: Grammar<string> = {
  expected: 'the path of a file, in one line of at most 1024 characters',
  example: 'deploy/nats.conf',
  typing: { type: 'string' },
  parse: (text) => (/^[^\p{Cc}{}]{1,1024}$/u.test(text) ? accepted(text) : refused()),
};

function read(text: string): Parsed<UserConfiguration> {
  try {
    return accepted(readTexts({ input: INPUT, file: INPUT, text, included: new Map() }));
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return { kind: 'refused', violations: error.details.violations };
    throw error;
  }
}

const group = 'Configuration';
const commands = DESCRIBING_COMMANDS;

export const configurationRows = {
  config: optional(configurationText, {
    name: 'config',
    group,
    description:
      "A nats-server configuration of your own, in nats-server's syntax, YAML or JSON, joined with the generated one ([how](docs/configuration.md)). One input can have 128 KiB; `config-file` takes 1 MiB.",
    commands,
  }),
  configFile: optional(configurationPath, {
    name: 'config-file',
    group,
    description:
      'Path of a file in the workspace or in `RUNNER_TEMP` that holds it, in place of `config`; what it includes is read as well.',
    commands,
  }),
} as const;

export function readConfigurationInputs(valueOf: ValueOf) {
  return { config: valueOf(configurationRows.config), configFile: valueOf(configurationRows.configFile) } as const;
}

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

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
      "Your own nats-server configuration, in nats-server's syntax, YAML or JSON. It is merged with the generated configuration ([how](docs/configuration.md)). An input may have up to 128 KiB; use `config-file` for up to 1 MiB.",
    commands,
  }),
  configFile: optional(configurationPath, {
    name: 'config-file',
    group,
    description:
      'Path of a file with the configuration, in the workspace or in `RUNNER_TEMP`, instead of `config`. Included files are read too.',
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
      'Files for the servers at `/etc/nats/<name>`, as a YAML mapping of name to text, or to `{path: deploy/accounts.conf}` for a file of the workspace. Together up to 256 KiB; a runner on Linux passes up to 128 KiB in one input, so use `path` for more. The action stores them in Secrets and reloads the servers. Files that are missing from a later run are removed.',
    commands: DESCRIBING_COMMANDS,
  }),
} as const;

/** Reads the files; `rotate` keeps those of the last deployment. */
export function readFiles(valueOf: ValueOf) {
  return { files: valueOf(fileRows.files) ?? {} } as const;
}

import { hasCode } from '../../errors/action-error.ts';
import type { UserConfiguration } from '../../nats/conf/settings/merge.ts';
import { collectSecrets, findSecretsInText } from '../../nats/conf/settings/secrets.ts';
import { readTexts } from '../../nats/conf/settings/sources.ts';
import { fileMap } from '../grammar/files.ts';
import {
  accept,
  DESCRIBING_COMMANDS,
  defineOptionalRow,
  type Grammar,
  type Parsed,
  refuse,
  type ValueOf,
} from '../grammar/row.ts';

const INPUT = 'config';

/**
 * The user's nats-server configuration as text. It cannot include files: the text of an input is not in a folder with
 * other files.
 */
const configurationText: Grammar<UserConfiguration> = {
  expected: 'a configuration of nats-server, in its own syntax, YAML or JSON',
  example: 'max_subscriptions: 1000',
  typing: { type: 'string' },
  parse: read,
  secrets: (text) => {
    const parsed = read(text);
    return parsed.kind === 'accepted' ? collectSecrets(parsed.value.tree) : findSecretsInText(text);
  },
};

/** The path of the configuration file, which the entry point reads. */
const configurationPath: Grammar<string> = {
  expected: 'the path of a file, in one line of at most 1024 characters',
  example: 'deploy/nats.conf',
  typing: { type: 'string' },
  parse: (text) => (/^[^\p{Cc}{}]{1,1024}$/u.test(text) ? accept(text) : refuse()),
};

function read(text: string): Parsed<UserConfiguration> {
  try {
    return accept(readTexts({ input: INPUT, file: INPUT, text, included: new Map() }));
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return { kind: 'refused', violations: error.details.violations };
    throw error;
  }
}

const group = 'Configuration';
const commands = DESCRIBING_COMMANDS;

export const configurationRows = {
  config: defineOptionalRow(configurationText, {
    name: 'config',
    group,
    description:
      'Your own nats-server configuration, merged with the generated one. One input can have 128 KiB; `config-file` can have 1 MiB.',
    unset: 'no configuration of your own',
    guide: 'docs/configuration.md',
    commands,
  }),
  configFile: defineOptionalRow(configurationPath, {
    name: 'config-file',
    group,
    description:
      'File in the workspace or in `RUNNER_TEMP` with that configuration, instead of `config`. Files that it includes are read too.',
    unset: 'no file',
    guide: 'docs/configuration.md',
    commands,
  }),
} as const;

export function readConfigurationInputs(valueOf: ValueOf) {
  return { config: valueOf(configurationRows.config), configFile: valueOf(configurationRows.configFile) } as const;
}

export const fileRows = {
  files: defineOptionalRow(fileMap, {
    name: 'files',
    group: 'Configuration',
    description:
      'Files next to the configuration of the servers, as a YAML mapping from name to text, or to `{path: deploy/accounts.conf}` for a file of the workspace. Servers find them at `/etc/nats/<name>`. They are stored in Secrets, and applied via configuration reload. Files that are missing from a later run are removed. All files together can have 256 KiB; one input can have 128 KiB, so larger files need `path`.',
    unset: 'no files',
    commands: DESCRIBING_COMMANDS,
  }),
} as const;

/** Reads the files; `rotate` keeps those of the last deployment. */
export function readFiles(valueOf: ValueOf) {
  return { files: valueOf(fileRows.files) ?? {} } as const;
}

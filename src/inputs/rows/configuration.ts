import { configurationPath, configurationText } from '../configuration.ts';
import { DESCRIBING_COMMANDS, optional, type ValueOf } from '../row.ts';

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

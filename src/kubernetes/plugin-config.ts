import { resolve } from 'node:path';
import { isRecord } from '../objects/json.ts';
import { type Fields, readFields, type Trouble } from './kubeconfig-fields.ts';

/** The `exec` of a user: a program that provides credentials (client-go, `plugin/pkg/client/auth/exec`). */
export type PluginConfig = {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly apiVersion: string;
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
};

const FIELDS = [
  'command',
  'args',
  'env',
  'apiVersion',
  'installHint',
  'provideClusterInfo',
  'interactiveMode',
] as const;

const VERSIONS: readonly string[] = ['client.authentication.k8s.io/v1', 'client.authentication.k8s.io/v1beta1'];
const MODES: readonly string[] = ['Never', 'IfAvailable', 'Always'];

/**
 * Decodes the `exec` of a user; undefined if the user has none. A relative command with a slash starts at the folder of
 * the kubeconfig.
 *
 * @throws ActionError INPUT_INVALID naming the field that cannot be honoured.
 */
export function decodePlugin(user: Fields, directory: string, trouble: Trouble): PluginConfig | undefined {
  const record = user.record('exec');
  if (record === undefined) return undefined;
  const exec = readFields(record, FIELDS, { where: 'the kubeconfig', of: 'exec' }, trouble);
  const command = exec.text('command');
  if (command === undefined) throw exec.refuse('command', 'is missing', 'the program that gives the credentials');
  const apiVersion = exec.text('apiVersion');
  if (apiVersion === undefined) throw exec.refuse('apiVersion', 'is missing', `apiVersion: ${VERSIONS[0]}`);
  if (!VERSIONS.includes(apiVersion)) {
    throw exec.refuse(
      'apiVersion',
      'is not supported',
      `${VERSIONS.join(' or ')}: update the plugin, and make the kubeconfig again`,
    );
  }
  const args = exec.texts('args');
  if ([command, ...args].some((text) => text.includes('\0')))
    throw exec.refuse('command', 'or `args` holds a NUL character', 'text without it');
  requireMode(exec);
  return {
    command: command.includes('/') ? resolve(directory, command) : command,
    args,
    env: readVariables(exec),
    apiVersion,
    installHint: exec.text('installHint'),
    provideClusterInfo: exec.flag('provideClusterInfo'),
  };
}

function requireMode(exec: Fields): void {
  const mode = exec.text('interactiveMode') ?? 'IfAvailable';
  if (!MODES.includes(mode)) throw exec.refuse('interactiveMode', 'is not known', `one of ${MODES.join(', ')}`);
  if (mode === 'Always') {
    throw exec.refuse(
      'interactiveMode',
      'is `Always`, but no terminal answers the plugin in a workflow',
      'a plugin that works without a terminal, with `interactiveMode: Never`',
    );
  }
}

function readVariables(exec: Fields): PluginConfig['env'] {
  return (exec.list('env') ?? []).map((entry) => {
    const { name, value = '' } = isRecord(entry) ? entry : {};
    if (
      typeof name !== 'string' ||
      name === '' ||
      /[=\0]/.test(name) ||
      typeof value !== 'string' ||
      value.includes('\0')
    )
      throw exec.refuse('env', 'has an entry that is not a variable', '`name` and `value`, both texts');
    return [name, value] as const;
  });
}

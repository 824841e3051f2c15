import './node-version.js';
import { resolve } from 'node:path';
import process from 'node:process';
import { defaultKubeconfig } from '../test/cluster/kubeconfig.ts';
import { runAction } from '../test/support/action.ts';
import { createRunnerLog } from './runner-log.ts';

const USAGE = 'usage: npm run action -- [--kubeconfig PATH] [name=value ...]\n';

const { inputs, kubeconfig } = parseArguments(process.argv.slice(2));
const path = kubeconfig ?? process.env.KUBECONFIG ?? defaultKubeconfig();

const controller = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort(signal));

const log = createRunnerLog((line) => process.stdout.write(`${line}\n`));
const { exitCode, outputs, summary } = await runAction({
  inputs,
  env: path === undefined ? {} : { KUBECONFIG: resolve(path) },
  onLine: log.write,
  signal: controller.signal,
});
process.stdout.write('\n--- outputs\n');
for (const [name, value] of Object.entries(outputs)) process.stdout.write(log.masked(`${name}=${value}\n`));
process.stdout.write(log.masked(`\n--- summary\n${summary}`));
process.exitCode = exitCode;

function parseArguments(words: readonly string[]): { inputs: Record<string, string>; kubeconfig: string | undefined } {
  const inputs: Record<string, string> = {};
  let kubeconfig: string | undefined;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const equals = word.indexOf('=');
    if (word === '--kubeconfig') {
      index += 1;
      kubeconfig = words[index];
    } else if (word.startsWith('--kubeconfig=')) {
      kubeconfig = word.slice(equals + 1);
    } else if (equals > 0 && !word.startsWith('-')) {
      inputs[word.slice(0, equals)] = word.slice(equals + 1);
    } else {
      process.stderr.write(`${word} is not name=value\n${USAGE}`);
      process.exit(2);
    }
  }
  return { inputs, kubeconfig };
}

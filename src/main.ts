import process from 'node:process';
import { createCancellationSignal } from './runner/cancellation.ts';
import { createDoor } from './runner/door.ts';
import { reportFailure } from './runner/failure.ts';
import { readGivenInputs } from './runner/given-inputs.ts';
import { createRunner } from './runner/runner.ts';
import { removeLeftFolders } from './runner/script-folder.ts';
import { flushStreams, OutputGuard } from './runner/stray-output.ts';
import { readInputs } from './runner/workspace.ts';

const cancellation = createCancellationSignal((reason) => fail(reason));
const STREAMS = [process.stdout, process.stderr] as const;
const guard = new OutputGuard(STREAMS);
const runner = createRunner(
  process.env,
  cancellation,
  createDoor((write) => guard.own(write)),
);
guard.begin(runner.info);
// Node.js writes its warnings without using the streams.
process.removeAllListeners('warning').on('warning', (warning) => runner.debug(warning.stack ?? warning.message));

/** Stops the process immediately, because an open connection must not delay the job. */
function fail(error: unknown): never {
  reportFailure(error, runner);
  runner.end();
  process.exit(1);
}

// These errors are thrown outside of any awaited promise, for example by a socket without an error listener.
process.on('uncaughtException', fail);

try {
  await removeLeftFolders(process.env);
  const inputs = await readGivenInputs(runner.inputs, process.env, runner.hide);
  const [given, name] = [readInputs(process.env), runner.inputs].map((raw) => raw.get('name')?.trim());
  if (given !== name) runner.info(`name: ${given} becomes ${name}`);
  // This import comes late, so that invalid inputs fail before the Kubernetes and NATS clients are loaded.
  const { runCommand } = await import('./commands/command.ts');
  await runCommand(inputs, runner);
  runner.end();
  await flushStreams(STREAMS);
} catch (error) {
  reportFailure(error, runner);
  runner.end();
  await flushStreams(STREAMS);
  process.exit(1);
}
process.exit(0);

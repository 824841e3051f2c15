import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { provideGoProgram } from '../../cluster/build.ts';
import { printProgress } from '../../cluster/progress.ts';
import { DEFAULT_NATS_SERVER_VERSION, NATS_CLI_VERSION } from '../../cluster/versions.ts';
import { type NatsServer, startNatsServer, takeFreeServerPorts } from '../../support/nats-server.ts';
import { runProgram } from '../../support/program.ts';
import { readAllSnippets } from '../../support/snippets.ts';

let folder: string;
let server: NatsServer;
let run: (script: string) => Promise<string>;

beforeAll(async () => {
  const { signal } = new AbortController();
  const nats = await provideGoProgram('github.com/nats-io/natscli/nats', NATS_CLI_VERSION, printProgress, signal);
  folder = await mkdtemp(join(tmpdir(), 'backup-'));
  const ports = await takeFreeServerPorts();
  const configuration = `listen: 127.0.0.1:${ports.clientPort}
http: 127.0.0.1:${ports.monitorPort}
jetstream { store_dir: "${join(folder, 'streams')}" }
`;
  server = await startNatsServer({ ...ports, version: DEFAULT_NATS_SERVER_VERSION, configuration });
  const env = {
    PATH: `${dirname(nats)}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: folder,
    NATS_URL: `nats://127.0.0.1:${ports.clientPort}`,
  };
  run = async (script) => {
    const { exitCode, output } = await runProgram('bash', ['-e', '-c', script], { cwd: folder, env });
    expect([exitCode, output]).toEqual([0, expect.any(String)]);
    return output;
  };
});

afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('the commands for a backup save the streams of an account, and restore them', async () => {
  const snippets = (await readAllSnippets()).filter(({ document }) => document === 'docs/operations/recovery.md');
  const { text = '' } = snippets.find(({ section }) => section === 'JetStream') ?? {};
  const [save = '', restore = ''] = text.trim().split('\n');
  await run('nats stream add ORDERS --subjects "orders.>" --defaults && nats pub orders.1 hello');
  expect(await run(save)).not.toContain('deprecated');
  await run('nats stream rm ORDERS --force');
  expect(await run(restore)).not.toContain('deprecated');
  expect(await run('nats stream get ORDERS 1')).toContain('hello');
});

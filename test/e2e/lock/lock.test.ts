import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { CoordinationV1Api } from '@kubernetes/client-node';
import { eventually } from '../../support/eventually.ts';
import { makeNamespace, type TestNamespace } from '../../support/namespace.ts';

const TTL_MS = 3_000;
const RUN = fileURLToPath(new URL('./run.ts', import.meta.url));

type Run = {
  readonly child: ChildProcessByStdio<Writable, Readable, null>;
  readonly lines: () => readonly string[];
  readonly stop: () => Promise<void>;
};

let namespace: TestNamespace;
const runs: Run[] = [];

beforeEach(async () => {
  namespace = await makeNamespace('lock');
});

afterEach(async () => {
  await Promise.all(runs.splice(0).map(async ({ stop }) => await stop()));
  await namespace.remove();
});

/** Starts a run in another process, so that it can be paused like a runner's whole machine. */
function start(holder: string): Run {
  const child = spawn(process.execPath, [RUN, namespace.name, holder, String(TTL_MS)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGCONT');
    child.stdin.end();
    await ended;
  };
  const run = { child, lines: () => text.split('\n'), stop };
  runs.push(run);
  return run;
}

async function waitForLine(run: Run, line: string): Promise<void> {
  await eventually(line, 60, async () => (run.lines().includes(line) ? true : undefined));
}

async function writer(): Promise<string | undefined> {
  const { data } = await namespace.core.readNamespacedConfigMap({ name: 'written', namespace: namespace.name });
  return data?.['by'];
}

async function holders(): Promise<readonly (string | undefined)[]> {
  const leases = namespace.config.makeApiClient(CoordinationV1Api);
  const { items } = await leases.listNamespacedLease({ namespace: namespace.name });
  return items.map(({ spec }) => spec?.holderIdentity);
}

describe('two runs on one NATS cluster', () => {
  test('never write at the same time: the second waits until the first has released the lock', async () => {
    const first = start('first');
    await waitForLine(first, 'wrote');
    const second = start('second');
    await eventually('waiting', 60, async () =>
      second.lines().some((line) => /held by first/.test(line)) ? true : undefined,
    );
    expect([second.lines().includes('held'), await writer()]).toEqual([false, 'first']);
    await first.stop();
    await waitForLine(second, 'wrote');
    expect([await writer(), await holders()]).toEqual(['second', ['second']]);
    await second.stop();
    expect(await holders()).toEqual([]);
  });

  test('cannot both write: a run that was paused for longer than its lease is rejected', async () => {
    const first = start('first');
    await waitForLine(first, 'wrote');
    first.child.kill('SIGSTOP');
    const second = start('second');
    await waitForLine(second, 'wrote');
    first.child.kill('SIGCONT');
    await waitForLine(first, 'LOCKED Lost');
    expect([await writer(), await holders()]).toEqual(['second', ['second']]);
  });

  test('keep their order if the first was paused for less than its lease', async () => {
    const first = start('first');
    await waitForLine(first, 'wrote');
    first.child.kill('SIGSTOP');
    first.child.kill('SIGCONT');
    const before = first.lines().length;
    await eventually('more writes', 60, async () => (first.lines().length > before + 3 ? true : undefined));
    expect(await holders()).toEqual(['first']);
  });

  test('need no manual step if the first is killed: the second takes over when the lease expires', async () => {
    const first = start('first');
    await waitForLine(first, 'wrote');
    first.child.kill('SIGKILL');
    const second = start('second');
    await waitForLine(second, 'wrote');
    expect(second.lines()).toContain(`took over the lock from first, which did not renew it for ${TTL_MS / 1000} s`);
  });
});

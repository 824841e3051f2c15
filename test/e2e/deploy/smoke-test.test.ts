import { access } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { provideGoProgram } from '../../cluster/build.ts';
import { printProgress } from '../../cluster/progress.ts';
import { NATS_CLI_VERSION } from '../../cluster/versions.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { eventually } from '../../support/eventually.ts';
import { canaries, expectFailure, expectNoSecret } from '../../support/failure.ts';
import { readSecret } from '../../support/live-cluster.ts';

/** A client that connects like an application: the library itself reads URL, user and files. */
const SCRIPT = `
import { connect } from '@nats-io/transport-node';
const { NATS_URL, NATS_CA, NATS_CERT, NATS_KEY, NATS_USER, NATS_PASSWORD } = process.env;
const own = NATS_CERT === undefined ? {} : { certFile: NATS_CERT, keyFile: NATS_KEY };
const tls = { caFile: NATS_CA, ...own };
const client = await connect({ servers: NATS_URL, user: NATS_USER, pass: NATS_PASSWORD, tls, ignoreClusterUpdates: true });
client.subscribe('echo', { callback: (_, message) => message.respond('answered') });
console.log((await client.request('echo', 'asked')).string(), 'by', client.info.server_name);
await client.close();
`;

describe('the smoke test', () => {
  let deployment: TestDeployment;
  let nats = '';

  beforeAll(async () => {
    nats = await provideGoProgram(
      'github.com/nats-io/natscli/nats',
      NATS_CLI_VERSION,
      printProgress,
      new AbortController().signal,
    );
    deployment = await makeDeployment('smoke');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  const deployed = { ...canaries, replicas: '2' } as const;

  test.each(['none', 'verify', 'verify-and-map'])('reaches the servers with client-verify %s', async (mode) => {
    // The exit code of this command shows whether it can connect; that of `rtt` does not.
    const check = `"${nats}" --server "$NATS_URL" server check connection`;
    const lines = [
      'command -v node >/dev/null',
      `"${nats}" --server "$NATS_URL" rtt`,
      check,
      `node --input-type=module --eval "$CLIENT"`,
      // These clients cannot connect without the certificate.
      ...(mode === 'none' ? [] : [`if env -u NATS_CERT -u NATS_KEY ${check}; then exit 9; fi`]),
      'echo "certificate: ${NATS_CERT:-none}, input: $(env | grep --count ^INPUT_ || true)"',
    ];
    const inputs = { ...deployed, 'client-verify': mode, allow: 'outage', 'smoke-test': lines.join('\n') };
    const result = await deployment.run(inputs, { env: { CLIENT: SCRIPT } });
    expect(result.stdout).toMatch(/^ +tls:\/\/127\.0\.0\.1:\d+: [\d.]+[mµn]?s\W*$/m);
    expect(result.stdout).toMatch(/^answered by nats-[01]$/m);
    expect(result.stdout).toMatch(
      mode === 'none' ? /^certificate: none, input: 0$/m : /^certificate: \/.*, input: 0$/m,
    );
    expect(result.stdout).toMatch(/^smoke test passed after /m);
    expect(result.exitCode).toBe(0);
    expectNoSecret(result, Object.values(canaries));
  });

  test('runs also if the deploy changes nothing', async () => {
    const inputs = { ...deployed, 'client-verify': 'verify-and-map' };
    const again = await deployment.requireRun({ ...inputs, 'smoke-test': 'test "$NATS_USER" != ""' });
    expect(again.outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
    expect(again.stdout).toMatch(/^smoke test passed after /m);
  });

  test('fails the step with its last lines, without secrets, and leaves no process', async () => {
    const script = `
      echo "folder $(dirname "$NATS_CA")"
      sleep 300 & echo "left $!"
      echo "password $NATS_PASSWORD"; cat "$NATS_KEY" >&2
      false | true
      echo not reached`;
    const inputs = { ...deployed, 'client-verify': 'verify-and-map', 'smoke-test': script };
    const result = await deployment.run(inputs);
    const { title, text } = expectFailure(result);
    expect(title).toBe('SMOKE_TEST_FAILED (ExitCode)');
    expect(text).toContain('ended with exit code 1');
    expect(text).toContain('password ***');
    expect(`${result.stdout}${result.summary}`).not.toContain('not reached');
    const { 'tls.key': key = '' } = await readSecret(deployment.space, 'nats-client');
    expect(key).toContain('PRIVATE KEY');
    expectNoSecret(
      result,
      key.split('\n').filter((line) => line.length > 20 && !line.startsWith('-----')),
    );
    await expectGone(Number(/^left (\d+)$/m.exec(result.stdout)?.[1]));
  });

  test('is stopped at the deadline', async () => {
    const script = 'trap "" TERM; echo waiting; sleep 301 & wait; sleep 302';
    const inputs = { ...deployed, 'client-verify': 'verify-and-map', timeout: '10s', 'smoke-test': script };
    const { title, text } = expectFailure(await deployment.run(inputs));
    expect(title).toBe('SMOKE_TEST_FAILED (StillRunning)');
    expect(text).toContain('its last lines:\nwaiting');
  });

  test('rolls back to the last verified state if it fails after a change', async () => {
    const inputs = { ...deployed, 'client-verify': 'verify-and-map', debug: 'true', 'rollback-on-failure': 'true' };
    const { title, text } = expectFailure(await deployment.run({ ...inputs, 'smoke-test': 'exit 7' }));
    expect(title).toBe('SMOKE_TEST_FAILED (ExitCode)');
    expect(text).toContain('ended with exit code 7; it wrote nothing; rolled back to the last verified state');
  });

  test('stops when the run is cancelled', async () => {
    const cancelling = new AbortController();
    let left = 0;
    const onLine = (line: string): void => {
      if (!line.startsWith('left ')) return;
      left = Number(line.slice('left '.length));
      cancelling.abort();
    };
    const inputs = { ...deployed, 'client-verify': 'verify-and-map', 'smoke-test': 'sleep 300 & echo "left $!"; wait' };
    const result = await deployment.run(inputs, { signal: cancelling.signal, onLine });
    expect(result.outputs['result']).toBe('cancelled');
    expect(result.stdout).toContain('during the smoke test');
    await expectGone(left);
  });
});

/** Waits until a process has ended that is not a child of this process. */
async function expectGone(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(1);
  await eventually(`process ${pid} gone`, 5, async () => {
    return await access(`/proc/${pid}`).then(
      () => undefined,
      () => true,
    );
  });
}

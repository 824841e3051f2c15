import './node-version.js';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import process from 'node:process';
import { KubeConfig } from '@kubernetes/client-node';
import { issueLeaf } from '../src/pki/issue.ts';
import { computeValidity } from '../src/pki/signed-certificate.ts';
import { startRun } from '../test/faults/running.ts';
import { awaitAllReady, isPortForward, replacePod } from '../test/faults/stories.ts';
import { kubeconfigOf, makeDeployment, type TestDeployment } from '../test/support/deployment.ts';
import { holdRequests } from '../test/support/held-requests.ts';
import { makeUnknownCa } from '../test/support/intruder.ts';
import { findLeaks, readSecrets } from '../test/support/leaks.ts';
import { editSecret } from '../test/support/objects.ts';

// Runs the built action on the cluster of KUBECONFIG, as its administrator, and keeps the job summaries of a
// successful, a failed and a cancelled run, of a plan and of a rotation, for `npm run screenshots`. Arguments select
// some of them: `npm run record-summaries -- plan rotate`.

const FOLDER = 'test/unit/report/recorded';

const STORIES: Readonly<Record<string, Story>> = {
  green: recordSuccess,
  red: recordFailure,
  cancelled: recordCancellation,
  plan: recordPlan,
  rotate: recordRotation,
};
const selected = process.argv.slice(2);
for (const [name, story] of Object.entries(STORIES)) {
  if (selected.length === 0 || selected.includes(name)) await withDeployment(name, story);
}

type Story = (deployment: TestDeployment) => Promise<{ readonly summary: string; readonly stdout: string }>;

async function withDeployment(name: string, story: Story): Promise<void> {
  const deployment = await makeDeployment(`summary-${name}`);
  try {
    const result = await story(deployment);
    const secrets = await readSecrets(deployment);
    const shown = { exitCode: 0, stderr: '', outputs: {}, files: '', processArguments: [], ...result };
    if (findLeaks(shown, secrets).length > 0) throw new Error(`the ${name} run shows a secret`);
    const text = result.summary
      .replaceAll(deployment.space.name, 'messaging')
      .replaceAll(/127\.0\.0\.1:\d{4,5}/g, 'api.example.com:6443')
      .replaceAll(/\/tmp\/deployment-\w+\/kubeconfig/g, 'kubeconfig.yaml');
    await writeFile(`${FOLDER}/${name}.md`, text);
    process.stdout.write(`${name}: ${text.split('\n')[0]}\n`);
  } finally {
    await deployment.remove();
  }
}

async function recordSuccess(deployment: TestDeployment) {
  await deployment.requireRun({ image: 'nats:2.14.9' });
  return await deployment.requireRun({ image: 'nats:2.15.2', debug: 'true', 'max-payload': '64KB' });
}

/** Plans a newer release and other settings. */
async function recordPlan(deployment: TestDeployment) {
  await deployment.requireRun({ image: 'nats:2.14.9' });
  const changes = { image: 'nats:2.15.2', debug: 'true', 'max-payload': '64KB' };
  return await deployment.requireRun({ ...changes, command: 'plan' });
}

/** Begins to replace the CAs, up to the phase in which clients have to read the new CA. */
async function recordRotation(deployment: TestDeployment) {
  await deployment.requireRun();
  return await deployment.requireRun({ command: 'rotate', 'rotate-targets': 'ca', force: 'true' });
}

/** Gives one of three servers a route certificate of an untrusted CA in the middle of the wait. */
async function recordFailure(deployment: TestDeployment) {
  const { space } = deployment;
  const held = await holdRequests(space, isPortForward);
  try {
    const running = startRun(
      async (options) => await deployment.run({ kubeconfig: through(deployment, held.url) }, options),
      {},
    );
    await Promise.race([held.reached, running.result]);
    const leaf = await issueLeaf(await makeUnknownCa(), {
      commonName: 'nats-1',
      keyAlgorithm: 'ecdsa-p256',
      serial: randomBytes(16),
      subjectAltNames: { dnsNames: [`nats-1.${space.name}.svc`], ipAddresses: [] },
      usages: ['serverAuth', 'clientAuth'],
      ...computeValidity(new Date(), 3_600_000),
    });
    await editSecret(space, 'tls-nats-routes', () => {
      return { 'route-nats-1.crt': leaf.certificatePem, 'route-nats-1.key': leaf.privateKeyPem };
    });
    await replacePod(space, 'nats-1');
    await awaitAllReady(space, 3);
    held.release();
    return await running.result;
  } finally {
    await held.close();
  }
}

async function recordCancellation(deployment: TestDeployment) {
  const running = startRun(async (options) => await deployment.run({}, options), {});
  await running.line(/applied: /);
  running.kill('SIGINT');
  return await running.result;
}

function through({ space, kubeconfig }: TestDeployment, url: string): string {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const { name = '', token = '' } = config.getCurrentUser() ?? {};
  return kubeconfigOf(space, name, token, url);
}

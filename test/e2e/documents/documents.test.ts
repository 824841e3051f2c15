import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { renderShell } from '../../../src/report/connecting.ts';
import { provideGoProgram } from '../../cluster/build.ts';
import { printProgress } from '../../cluster/progress.ts';
import { NATS_CLI_VERSION } from '../../cluster/versions.ts';
import { runWorkflow } from '../../support/act.ts';
import { type KubectlShell, startKubectlShell } from '../../support/kubectl.ts';
import { takeFreePort } from '../../support/loopback-ports.ts';
import { readAllSnippets, type Snippet } from '../../support/snippets.ts';
import { fieldsOf, yamlSnippet } from '../../support/workflow-document.ts';

/** The namespace that the documents name. */
const NAMESPACE = 'messaging';

async function natsCommand(): Promise<string> {
  const { signal } = new AbortController();
  return await provideGoProgram('github.com/nats-io/natscli/nats', NATS_CLI_VERSION, printProgress, signal);
}

async function snippetOf(document: string, section: string, language: string): Promise<Snippet> {
  const all = (await readAllSnippets()).filter((snippet) => snippet.document === document);
  const found = all.find((snippet) => snippet.section === section && snippet.language === language);
  if (found === undefined) {
    throw new Error(`${document} has no ${language} under "${section}"`);
  }
  return found;
}

describe('a reader of the README', () => {
  const config = new KubeConfig();
  let shell: KubectlShell;
  let kubeconfig = '';
  let folder = '';

  beforeAll(async () => {
    config.loadFromDefault();
    shell = await startKubectlShell();
    const { text } = await snippetOf('docs/permissions.md', 'One script', 'sh');
    folder = await mkdtemp(join(tmpdir(), 'documents-'));
    const path = join(folder, 'kubeconfig');
    await shell.requireRun(text.replace(/ kubeconfig$/m, ` ${path}`));
    kubeconfig = await readFile(path, 'utf8');
  });

  afterAll(async () => {
    await shell.run(`kubectl delete namespace ${NAMESPACE}`);
    await shell.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test('deploys with the workflow, verbatim, with its permissions', async () => {
    const { text } = await snippetOf('README.md', 'Use it on your cluster', 'yaml');
    const { exitCode, steps, annotations, summaries, log } = await runWorkflow({
      workflow: text,
      event: 'push',
      secrets: { KUBECONFIG: Buffer.from(kubeconfig).toString('base64') },
      variables: { STAGING_CLUSTER: config.getCurrentCluster()?.server ?? '' },
    });
    expect({ annotations, steps: steps.map(({ isGreen }) => isGreen) }).toEqual({
      annotations: [],
      steps: [true, true],
    });
    expect(exitCode).toBe(0);
    expect(summaries).toHaveLength(1);
    expect(summaries[0]).toContain('full mesh: 3 of 3 servers connected, 6 of 6 routes');
    expect(log).toContain('clients connect to tls://nats.messaging.svc:4222');
  });

  test('connects with the nats CLI, as docs/connect.md shows', async () => {
    const nats = await natsCommand();
    const signIn = { by: 'user', certificateSecret: undefined } as const;
    const client = { name: 'nats', namespace: NAMESPACE, clientSecret: 'nats-client', signIn };
    const text = renderShell({ ...client, url: '', externalUrl: undefined });
    const port = await takeFreePort();
    const here = text.replace('4222:4222', `${port}:4222`).replace('localhost:4222', `localhost:${port}`);
    // `kubectl port-forward` may have ended by itself, because a server closes the connection of a wrong password.
    const trap = `trap 'kill $! || true; rm --recursive "$PWD"' EXIT`;
    const script = `PATH="${dirname(nats)}:$PATH"; cd "$(mktemp --directory)"\n${trap}\n${here}`;
    expect(await shell.run(script)).toMatchObject({ exitCode: 0, output: expect.stringContaining('OK') });
    const wrong = script.replace('NATS_PASSWORD=$(', 'NATS_PASSWORD=wrong$(');
    expect(await shell.run(wrong)).toMatchObject({ exitCode: 2, output: expect.stringContaining('CRITICAL') });
  });

  test('configures a pod as docs/connect.md shows, and the API server accepts it', async () => {
    const read = yamlSnippet(await snippetOf('docs/connect.md', 'In a pod', 'yaml'));
    if (read.kind !== 'pod') throw new Error('this is no part of a pod');
    const volumes = read.volumes.map(fieldsOf);
    const container = {
      name: 'application',
      image: 'application:1',
      volumeMounts: volumes.map(({ name }) => ({ name, mountPath: `/etc/${String(name)}` })),
    };
    const dryRun = async (variables: unknown) => {
      const spec = { containers: [{ ...container, env: variables }], volumes };
      const pod = JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'application' }, spec });
      const command = `kubectl --namespace ${NAMESPACE} create --dry-run=server --validate=strict --filename -`;
      return await shell.run(`${command} <<'EOF'\n${pod}\nEOF`);
    };
    expect(await dryRun(read.env)).toMatchObject({ exitCode: 0, output: expect.stringContaining('created') });
    const misspelt = await dryRun(read.env.map((variable) => ({ ...fieldsOf(variable), valuefrom: {} })));
    expect(misspelt).toMatchObject({ exitCode: 1, output: expect.stringContaining('valuefrom') });
  });
});

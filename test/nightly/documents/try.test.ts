import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runWorkflow } from '../../support/act.ts';
import { type KubectlShell, startKubectlShell } from '../../support/kubectl.ts';

describe('the workflow try.yml on the embedded Kubernetes', () => {
  let shell: KubectlShell;

  beforeAll(async () => {
    shell = await startKubectlShell();
  });

  afterAll(async () => {
    await shell.run('kubectl delete namespace messaging');
    await shell.remove();
  });

  test('deploys three servers without a change or a secret', async () => {
    const workflow = await readFile('.github/workflows/try.yml', 'utf8');
    const ended = await runWorkflow({ workflow, event: 'workflow_dispatch', secrets: {}, isOwn: true });
    const { exitCode, annotations, summaries, log } = ended;
    expect({ exitCode, annotations, log: exitCode === 0 ? '' : log }).toEqual({
      exitCode: 0,
      annotations: [],
      log: '',
    });
    expect(summaries[0]).toContain('full mesh: 3 of 3 servers connected, 6 of 6 routes');
    expect(log).toContain('clients connect to tls://nats.messaging.svc:4222');
  });
});

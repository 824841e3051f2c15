import process from 'node:process';
import { afterAll, expect, test } from '@jest/globals';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { runProgram } from '../../support/program.ts';

const config = new KubeConfig();
config.loadFromDefault();

afterAll(async () => {
  await config.makeApiClient(CoreV1Api).deleteNamespace({ name: 'nats-demo' });
});

test('the demo scales to five servers without a restart of the first three, and changes nothing when it runs again', async () => {
  const demo = async () => {
    const { PATH = '', HOME = '', KUBECONFIG = '' } = process.env;
    const argv = ['run', 'demo', '--', '--kubeconfig', KUBECONFIG];
    return await runProgram('npm', argv, { cwd: process.cwd(), env: { PATH, HOME } });
  };
  const first = await demo();
  expect(first).toMatchObject({ exitCode: 0, output: expect.stringContaining('checked: 3 × 3 mesh') });
  expect(first.output).toContain('checked: 5 × 5 mesh');
  const again = await demo();
  expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining('result: unchanged') });
});

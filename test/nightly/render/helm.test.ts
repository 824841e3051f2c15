import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { canaries, expectFailure } from '../../support/failure.ts';
import { completeMesh, readPodUids, routesOf } from '../../support/live-cluster.ts';
import { helm, readyServers, requireRendered } from '../../support/rendering.ts';

const ANNOTATION = 'a {{ .Values.image }} }} {{{';

const INPUTS = {
  ...canaries,
  'client-verify': 'verify',
  'client-certificates': 'orders',
  'network-policy': 'true',
  overrides: `Service/client: {metadata: {annotations: {literal: ${JSON.stringify(ANNOTATION)}}}}`,
};

describe('a rendered chart', () => {
  let deployment: TestDeployment;
  let folder = '';

  beforeAll(async () => {
    deployment = await makeDeployment('helm');
    folder = await mkdtemp(join(tmpdir(), 'helm-'));
    await rendered(folder, INPUTS);
  });

  afterAll(async () => {
    await helm(deployment, 'uninstall', 'nats', '--ignore-not-found');
    await deployment.remove();
    await rm(folder, { recursive: true, force: true });
  });

  const rendered = async (to: string, inputs: Readonly<Record<string, string>>) =>
    await requireRendered({
      ...inputs,
      namespace: deployment.space.name,
      'output-directory': to,
      'render-format': 'helm',
      allow: 'rendered-secrets',
    });

  test('passes helm lint, also packaged', async () => {
    for (const chart of [folder, join(folder, 'nats.tgz')]) {
      const output = await helm(deployment, 'lint', '--strict', chart);
      expect(output).toContain('0 chart(s) failed');
      expect(output).not.toMatch(/\[(?:WARNING|ERROR)\]/);
    }
  });

  test('renders the same packaged and unpackaged, and does not evaluate template syntax in values', async () => {
    const plain = await helm(deployment, 'template', 'nats', folder);
    expect(await helm(deployment, 'template', 'nats', join(folder, 'nats.tgz'))).toBe(plain);
    expect(plain).toContain(JSON.stringify(ANNOTATION));
    const objects = (await readdir(join(folder, 'templates'))).filter((name) => name.includes('-'));
    expect(plain.match(/^kind: /gm)).toHaveLength(objects.length);
  });

  test('has a PodMonitor if the CRD is installed', async () => {
    const measured = join(folder, 'measured');
    await rendered(measured, { metrics: 'true' });
    expect(await helm(deployment, 'template', 'nats', measured)).not.toContain('PodMonitor');
    const kind = 'monitoring.coreos.com/v1/PodMonitor';
    const known = await helm(deployment, 'template', 'nats', measured, '--api-versions', kind);
    expect(known).toContain('kind: "PodMonitor"');
    await rm(measured, { recursive: true });
  });

  test('refuses a namespace that its certificates do not contain, with the reason', async () => {
    const other = helm(deployment, 'template', 'nats', folder, '--set', 'namespace=other');
    await expect(other).rejects.toThrow(`the certificates of this chart name namespace ${deployment.space.name}`);
  });

  test('forms a mesh that passes verify after helm install', async () => {
    const output = await helm(deployment, 'install', 'nats', join(folder, 'nats.tgz'));
    expect(output).toContain('Run `command: verify` once the servers run, to verify the mesh');
    await readyServers(deployment, 3);
    const verified = await deployment.requireRun({ command: 'verify' });
    expect(verified.outputs).toMatchObject({ result: 'verified' });
    expect(routesOf(verified)).toEqual(completeMesh(3));
  });

  test('passes verify after Helm upgraded it to another image', async () => {
    await helm(deployment, 'upgrade', 'nats', folder, '--set', 'image=nats:2.14.9', '--wait', '--timeout', '120s');
    await readyServers(deployment, 3);
    const verified = await deployment.requireRun({ command: 'verify' });
    expect(verified.outputs).toMatchObject({ result: 'verified' });
    expect(verified.summary).toContain('2.14.9');
  });

  test('is taken over by a deploy only with `allow: adopt`, and keeps its servers', async () => {
    const before = await readPodUids(deployment.space);
    const { title, text } = expectFailure(await deployment.run(INPUTS));
    expect(title).toMatch(/^APPLY_CONFLICT/);
    expect(text).toContain('"helm"');
    const taken = await deployment.requireRun({ ...INPUTS, allow: 'conflicts' });
    expect(taken.outputs).toMatchObject({ result: 'deployed' });
    expect(await readPodUids(deployment.space)).toEqual(before);
    expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    expect((await deployment.requireRun(INPUTS)).outputs).toMatchObject({ result: 'unchanged' });
  });
});

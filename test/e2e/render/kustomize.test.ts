import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { canaries, expectFailure, expectNoSecret } from '../../support/failure.ts';
import { completeMesh, readPodUids, routesOf } from '../../support/live-cluster.ts';
import { kubectl, readyServers, requireRendered } from '../../support/rendering.ts';

const INPUTS = { ...canaries, replicas: '2', config: 'max_subscriptions: 1000' };

describe('a rendered kustomize base', () => {
  let deployment: TestDeployment;
  let folder = '';

  beforeAll(async () => {
    deployment = await makeDeployment('kustomize');
    folder = await mkdtemp(join(tmpdir(), 'kustomize-'));
  });

  afterAll(async () => {
    await deployment.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test('forms a mesh that passes verify after kubectl applied it', async () => {
    const rendered = await requireRendered({
      ...INPUTS,
      namespace: deployment.space.name,
      'output-directory': folder,
      'render-format': 'kustomize',
      allow: 'rendered-secrets',
    });
    expectNoSecret(rendered, Object.values(canaries));
    expect(rendered.outputs).toMatchObject({ result: 'rendered', changed: 'false' });
    await kubectl(deployment, 'apply', '--kustomize', folder);
    await readyServers(deployment, 2);
    const verified = await deployment.requireRun({ command: 'verify' });
    expect(verified.outputs).toMatchObject({ result: 'verified' });
    expect(routesOf(verified)).toEqual(completeMesh(2));
  });

  test('is taken over by a deploy with the same inputs, without a restart or reload', async () => {
    const before = await readPodUids(deployment.space);
    const first = await deployment.requireRun(INPUTS);
    expect(first.stdout).not.toMatch(/^(?:issued|change|reloaded):/m);
    expect(await readPodUids(deployment.space)).toEqual(before);
    expect((await deployment.requireRun(INPUTS)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  });

  test('is changed by a deploy only with `allow` for the fields that kubectl manages', async () => {
    const changed = { ...INPUTS, config: 'max_subscriptions: 1001' };
    const { title, text } = expectFailure(await deployment.run(changed));
    expect(title).toMatch(/^APPLY_CONFLICT/);
    expect(text).toContain('kubectl-client-side-apply');
    expect(text).toContain('allow: conflicts');
    const taken = await deployment.requireRun({ ...changed, allow: 'conflicts' });
    expect(taken.outputs).toMatchObject({ result: 'deployed', changed: 'true' });
    expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { completeMesh, readPodUids, routesOf } from '../../support/live-cluster.ts';

type Step = readonly [from: string, to: string, kind: 'reload' | 'rolling'];

/** The steps, one after the other. */
const STEPS: readonly Step[] = [
  ['none', 'verify', 'reload'],
  ['verify', 'none', 'reload'],
  ['none', 'verify-and-map', 'rolling'],
  ['verify-and-map', 'verify', 'rolling'],
  ['verify', 'verify-and-map', 'rolling'],
  ['verify-and-map', 'none', 'rolling'],
];

describe('a change of client-verify', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('client-verify');
    await deployment.requireRun({ 'client-certificates': 'orders' });
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test.each(STEPS)('from %s to %s is %s', async (from, to, kind) => {
    const { space, requireRun } = deployment;
    const before = await readPodUids(space);
    const inputs = { 'client-verify': to, 'client-certificates': 'orders' };
    const result = await requireRun({ ...inputs, allow: 'outage' });
    expect(routesOf(result)).toEqual(completeMesh(3));
    const shown = (mode: string): string => (mode === 'none' ? '(default|none)' : mode);
    expect(result.stdout).toMatch(
      new RegExp(`^change: client-verify: ${shown(from)} → ${shown(to)} \\(${kind}: `, 'm'),
    );
    const after = await readPodUids(space);
    const kept = Object.keys(before).filter((pod) => before[pod] === after[pod]);
    expect(kept).toHaveLength(kind === 'reload' ? 3 : 0);
    expect((await requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    expect((await requireRun(inputs)).outputs).toMatchObject({ result: 'unchanged' });
  });
});

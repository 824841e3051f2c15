import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findSharedNames } from '../../../src/cluster/owned-names.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { expectFailure } from '../../support/failure.ts';
import { errorTitle } from '../../support/live-cluster.ts';
import { readObjectVersions } from '../../support/objects.ts';
import { SMALL } from '../../support/previews.ts';

const FORBIDDEN = 'CHANGE_FORBIDDEN (ForeignObjects)';

/** Names of deployments that would conflict with a deployment `nats`, and the object that both would have. */
const MEETING = [
  ['nats-0', 'Service/nats-0'],
  ['nats-1', 'Service/nats-1'],
  ['nats-98', 'Service/nats-98'],
  ['nats-headless', 'Service/nats-headless'],
  ['tls-nats', 'Secret/tls-nats-client'],
  ['nats-client', 'Secret/tls-nats-client-server'],
  ['nats-client-orders', 'Secret/tls-nats-client-orders-server'],
  ['tls-nats-client', 'Secret/tls-nats-client-system'],
  ['tls-nats-client-orders', 'Secret/tls-nats-client-orders-config'],
  ['tls-nats-client-x', 'Secret/tls-nats-client-x-authorities'],
] as const;

describe('NATS clusters with conflicting names', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('meeting');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  const refused = async (inputs: Readonly<Record<string, string>>): Promise<string> => {
    const before = await readObjectVersions(deployment);
    const { title, text } = expectFailure(await deployment.run({ ...SMALL, ...inputs }));
    expect(title).toBe(FORBIDDEN);
    expect(await readObjectVersions(deployment)).toEqual(before);
    return text;
  };

  test.each(MEETING)('cannot both exist: %s is refused because nats has or may get %s', async (name, object) => {
    await deployment.requireRun(SMALL);
    for (const command of ['plan', 'deploy']) {
      expect(await refused({ name, command, allow: 'adopt, conflicts, outage' })).toContain(object);
    }
  });

  test.each(MEETING)(
    'cannot both exist: nats is refused next to %s because of %s, and deployed under the suggested name',
    async (name, object) => {
      const space = await makeDeployment('meeting-back');
      try {
        await space.requireRun({ ...SMALL, name });
        const { title, text } = expectFailure(await space.run(SMALL));
        expect([title, text]).toEqual([FORBIDDEN, expect.stringContaining(object)]);
        const proposed = /for example name: (\S+?)\./.exec(text)?.[1] ?? '';
        expect(findSharedNames(proposed, name)).toEqual([]);
        await space.requireRun({ ...SMALL, name: proposed });
        await space.requireRun({ command: 'verify', name });
      } finally {
        await space.remove();
      }
    },
  );

  test('never both continue if two deploys start at the same time', async () => {
    for (let round = 0; round < 3; round++) {
      const space = await makeDeployment('meeting-race');
      try {
        const names = ['nats', 'nats-0'] as const;
        const results = await Promise.all(names.map(async (name) => await space.run({ ...SMALL, name })));
        const green = results.filter(({ exitCode }) => exitCode === 0);
        const red = results.filter(({ exitCode }) => exitCode !== 0);
        expect(green.length).toBeLessThan(2);
        expect(red.map((result: ActionResult) => errorTitle(result))).toEqual(red.map(() => FORBIDDEN));
      } finally {
        await space.remove();
      }
    }
  });
});

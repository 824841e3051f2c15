import { expect, test } from '@jest/globals';
import { isStuck } from '../../../../src/commands/rollout/next-server.ts';
import type { Pod } from '../../../../src/objects/pod.ts';
import { container, terminated, waiting } from '../../support/facts.ts';
import { pod } from '../../support/pods.ts';

const old = (overrides: Partial<Pod>): Pod => pod({ controllerRevision: 'old', ...overrides });
const crashed = [container({ restartCount: 2, state: terminated('Error', 1), lastState: terminated('Error', 1) })];
const pulling = [container({ state: waiting('ErrImagePull', 'connection refused') })];

test.each<readonly [string, Pod, boolean]>([
  ['that was just created', old({ containers: [] }), false],
  ['whose container is being made', old({ containers: [container({ state: waiting('ContainerCreating') })] }), false],
  ['that runs and is not Ready yet', old({}), false],
  ['that was evicted and ends', old({ terminating: true, containers: crashed }), false],
  ['that crashes', old({ containers: crashed }), true],
  ['whose image is refused for now', old({ containers: pulling }), true],
  [
    'whose image is refused for now, of the wanted template',
    pod({ controllerRevision: 'new', containers: pulling }),
    false,
  ],
  ['that crashes, of the wanted template', pod({ controllerRevision: 'new', containers: crashed }), true],
])('a plan takes for stuck a pod %s: %#', (_, one, expected) => {
  expect(isStuck(one, 'new')).toBe(expected);
});

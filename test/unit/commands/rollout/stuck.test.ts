import { expect, test } from '@jest/globals';
import { isStuck } from '../../../../src/commands/rollout/next-server.ts';
import type { Pod } from '../../../../src/objects/pod.ts';
import { container, terminated, waiting } from '../../support/facts.ts';
import { pod } from '../../support/pods.ts';

const old = (overrides: Partial<Pod>): Pod => pod({ controllerRevision: 'old', ...overrides });
const crashed = [container({ restartCount: 2, state: terminated('Error', 1), lastState: terminated('Error', 1) })];
const pulling = [container({ state: waiting('ErrImagePull', 'connection refused') })];

test.each<readonly [string, Pod, boolean]>([
  ['is not stuck when it was just created', old({ containers: [] }), false],
  [
    'is not stuck while its container is being created',
    old({ containers: [container({ state: waiting('ContainerCreating') })] }),
    false,
  ],
  ['is not stuck when it runs and is not Ready yet', old({}), false],
  ['is not stuck when it was evicted and terminates', old({ terminating: true, containers: crashed }), false],
  ['is stuck when it crashes', old({ containers: crashed }), true],
  ['is stuck when its image pull fails temporarily', old({ containers: pulling }), true],
  [
    'of the current template is not stuck when its image pull fails temporarily',
    pod({ controllerRevision: 'new', containers: pulling }),
    false,
  ],
  ['of the current template is stuck when it crashes', pod({ controllerRevision: 'new', containers: crashed }), true],
])('a pod %s', (_, one, expected) => {
  expect(isStuck(one, 'new')).toBe(expected);
});

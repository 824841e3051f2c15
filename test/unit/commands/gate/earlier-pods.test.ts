import { expect, test } from '@jest/globals';
import { createEarlierPods } from '../../../../src/commands/gate/earlier-pods.ts';
import type { Pod } from '../../../../src/kubernetes/objects/pod.ts';
import { container } from '../../diagnosis/facts.ts';
import { pod } from './pods.ts';

const ended = { kind: 'terminated', reason: 'Error', message: '', exitCode: 1 } as const;

const onItsWay = pod({ containers: [container({ restartCount: 1, lastState: ended })] });
const failed = pod({ containers: [container({ restartCount: 1, state: ended, lastState: ended })] });

async function judgedOf(before: readonly Pod[], ...rounds: readonly Pod[]) {
  const replaced: string[] = [];
  const { judged } = createEarlierPods({ before, replace: async ({ uid }) => void replaced.push(uid) });
  let left: readonly Pod[] = [];
  for (const round of rounds) left = await judged([round]);
  return { replaced, judged: left.map(({ uid }) => uid) };
}

test('a pod that was on its way before is replaced when it fails, once', async () => {
  expect(await judgedOf([onItsWay], onItsWay)).toEqual({ replaced: [], judged: ['u'] });
  expect(await judgedOf([onItsWay], failed)).toEqual({ replaced: ['u'], judged: [] });
  expect(await judgedOf([onItsWay], failed, failed)).toEqual({ replaced: ['u'], judged: [] });
});

test.each([
  ['a pod that came since', [], failed],
  ['another pod of that name', [{ ...onItsWay, uid: 'v' }], failed],
  ['a server that was Ready', [{ ...onItsWay, ready: true }], failed],
  ['a pod that is ending', [onItsWay], { ...failed, terminating: true }],
])('%s is judged', async (_, before, now) => {
  expect(await judgedOf(before, now)).toEqual({ replaced: [], judged: ['u'] });
});

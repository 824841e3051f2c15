import { describe, expect, test } from '@jest/globals';
import { ORPHANED_ANNOTATION } from '../../../../src/cluster/names.ts';
import {
  chooseNextServer,
  findBlockingOrphan,
  findReleasablePartition,
} from '../../../../src/commands/rollout/next-server.ts';
import type { Pod } from '../../../../src/objects/pod.ts';
import { pod } from '../../support/pods.ts';

const SERVERS = { name: 'nats', replicas: 3, updateRevision: 'new' };

const server = (ordinal: number, revision: string, overrides: Partial<Pod> = {}): Pod =>
  pod({ name: `nats-${ordinal}`, uid: `u${ordinal}`, controllerRevision: revision, ready: true, ...overrides });

const orphan = (ordinal: number): Pod => server(ordinal, 'other', { annotations: { [ORPHANED_ANNOTATION]: '3' } });

/**
 * Builds the pods, in the order of their ordinals: `old` or `new` for the template, `-` for a missing pod, `!` for a
 * pod that is not Ready, `~` for a terminating pod.
 */
const podsOf = (...all: readonly string[]): readonly Pod[] =>
  all.flatMap((one, ordinal) => {
    const revision = one.replace(/[!~]/, '');
    return revision === '-'
      ? []
      : [server(ordinal, revision, { ready: !/[!~]/.test(one), terminating: one.includes('~') })];
  });

describe('the next server to replace', () => {
  test.each<readonly [string, readonly Pod[], string]>([
    ['is the highest of an outdated template', podsOf('old', 'old', 'old'), 'nats-2'],
    ['is the next one below those of the current template', podsOf('old', 'old', 'new'), 'nats-1'],
    ['is one that came back with its old template', podsOf('old', 'old', 'new', 'new'), 'nats-1'],
    ['is the last one', podsOf('old', 'new', 'new'), 'nats-0, the last'],
    ['does not exist if all are current', podsOf('new', 'new', 'new'), 'none'],
    ['does not exist while a lower one is not Ready', podsOf('old!', 'old', 'old'), 'wait'],
    ['does not exist while the one replaced before is not Ready', podsOf('old', 'old', 'new!'), 'wait'],
    ['does not exist while one is terminating', podsOf('old', 'old~', 'old'), 'wait'],
    ['does not exist while one is missing', podsOf('old', '-', 'old'), 'wait'],
    ['does not exist while one is missing that may come back with its old template', podsOf('new', '-', 'new'), 'wait'],
    ['is the lowest orphaned one', [orphan(0), orphan(1), orphan(2)], 'nats-0'],
    ['is an orphaned one before all others', [server(0, 'old'), orphan(1), orphan(2)], 'nats-1'],
    ['is never one beyond the replicas', [...podsOf('new', 'new', 'new'), server(3, 'old')], 'none'],
  ])('%s', (_, pods, expected) => {
    const next = chooseNextServer(SERVERS, pods);
    const choice = next.kind === 'replace' ? `${next.pod.name}${next.isLast ? ', the last' : ''}` : next.kind;
    expect(choice).toBe(expected);
  });
});

test.each<readonly [string, readonly Pod[], string | undefined]>([
  ['is the lowest orphaned one while a pod is missing', [orphan(0), orphan(1)], 'nats-0'],
  ['is the next orphaned one after the first was replaced', [server(0, 'new'), orphan(1)], 'nats-1'],
  ['does not exist while all pods exist', [orphan(0), orphan(1), orphan(2)], undefined],
  ['is not one that is terminating already', [{ ...orphan(0), terminating: true }], undefined],
  ['does not exist without orphaned pods', podsOf('old', '-', 'old'), undefined],
])('the pod that blocks the creation of missing pods %s', (_, pods, expected) => {
  expect(findBlockingOrphan(SERVERS, pods)?.name).toBe(expected);
});

describe('the lowest partition that releases only servers to be replaced', () => {
  test.each<readonly [string, readonly Pod[], readonly number[], number]>([
    ['holds all servers back while none has the current template', podsOf('old', 'old', 'old'), [], 3],
    ['releases those of the current template', podsOf('old', 'old', 'new'), [], 2],
    ['releases the one that is being replaced', podsOf('old', 'old', 'old'), [2], 2],
    ['releases no other server for a lower one that is being replaced', podsOf('old!', 'old', 'old'), [0], 3],
    ['stops above one of an outdated template', podsOf('new', 'old', 'new'), [], 2],
    ['releases all stuck servers', podsOf('old!', 'old!', 'old!'), [0, 1, 2], 0],
    ['releases no missing server', podsOf('old', '-', 'new'), [], 2],
    ['releases the last server', podsOf('old', 'new', 'new'), [0], 0],
  ])('%s', (_, pods, replaced, expected) => {
    expect(findReleasablePartition(SERVERS, pods, new Set(replaced))).toBe(expected);
  });
});

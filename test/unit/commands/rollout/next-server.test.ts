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
 * Builds the pods: `old` and `new` by ordinal, `-` for a missing pod, `!` for one that is not Ready, `~` for a
 * terminating one.
 */
const podsOf = (...all: readonly string[]): readonly Pod[] =>
  all.flatMap((one, ordinal) => {
    const revision = one.replace(/[!~]/, '');
    return revision === '-'
      ? []
      : [server(ordinal, revision, { ready: !/[!~]/.test(one), terminating: one.includes('~') })];
  });

describe('the server that is replaced next', () => {
  test.each<readonly [string, readonly Pod[], string]>([
    ['the highest of another template', podsOf('old', 'old', 'old'), 'nats-2'],
    ['the next one below those of the wanted template', podsOf('old', 'old', 'new'), 'nats-1'],
    ['one that came back as it was', podsOf('old', 'old', 'new', 'new'), 'nats-1'],
    ['the last one', podsOf('old', 'new', 'new'), 'nats-0, the last'],
    ['none', podsOf('new', 'new', 'new'), 'none'],
    ['none while a lower one is not Ready', podsOf('old!', 'old', 'old'), 'wait'],
    ['none while the one replaced before is not Ready', podsOf('old', 'old', 'new!'), 'wait'],
    ['none while one is ending', podsOf('old', 'old~', 'old'), 'wait'],
    ['none while one is not there', podsOf('old', '-', 'old'), 'wait'],
    ['none while one is not there that may come back as it was', podsOf('new', '-', 'new'), 'wait'],
    ['an orphaned one, the lowest', [orphan(0), orphan(1), orphan(2)], 'nats-0'],
    ['an orphaned one before all others', [server(0, 'old'), orphan(1), orphan(2)], 'nats-1'],
    ['none that is beyond the replicas', [...podsOf('new', 'new', 'new'), server(3, 'old')], 'none'],
  ])('is %s', (_, pods, expected) => {
    const next = chooseNextServer(SERVERS, pods);
    const said = next.kind === 'replace' ? `${next.pod.name}${next.isLast ? ', the last' : ''}` : next.kind;
    expect(said).toBe(expected);
  });
});

test.each<readonly [string, readonly Pod[], string | undefined]>([
  ['the lowest orphaned one, while a pod is missing', [orphan(0), orphan(1)], 'nats-0'],
  ['the next one, once that is replaced', [server(0, 'new'), orphan(1)], 'nats-1'],
  ['none while all are there', [orphan(0), orphan(1), orphan(2)], undefined],
  ['none that is ending already', [{ ...orphan(0), terminating: true }], undefined],
  ['none without orphaned pods', podsOf('old', '-', 'old'), undefined],
])('what keeps missing pods from being made is %s', (_, pods, expected) => {
  expect(findBlockingOrphan(SERVERS, pods)?.name).toBe(expected);
});

describe('the lowest partition that releases no server that is not to go', () => {
  test.each<readonly [string, readonly Pod[], readonly number[], number]>([
    ['holds all back while none is of the wanted template', podsOf('old', 'old', 'old'), [], 3],
    ['releases those of the wanted template', podsOf('old', 'old', 'new'), [], 2],
    ['releases the one that goes', podsOf('old', 'old', 'old'), [2], 2],
    ['releases no other one for a lower one that goes', podsOf('old!', 'old', 'old'), [0], 3],
    ['stops above one of another template', podsOf('new', 'old', 'new'), [], 2],
    ['releases all that are stuck', podsOf('old!', 'old!', 'old!'), [0, 1, 2], 0],
    ['releases none that is not there', podsOf('old', '-', 'new'), [], 2],
    ['releases the last', podsOf('old', 'new', 'new'), [0], 0],
  ])('%s', (_, pods, replaced, expected) => {
    expect(findReleasablePartition(SERVERS, pods, new Set(replaced))).toBe(expected);
  });
});

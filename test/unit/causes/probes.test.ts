import { describe, expect, test } from '@jest/globals';
import type { Facts, PodFacts } from '../../../src/causes/facts.ts';
import { findHealthCauses } from '../../../src/causes/health-causes.ts';
import type { ContainerStatus } from '../../../src/objects/pod.ts';
import { container, event, factsWith, log, pod, terminated } from '../support/facts.ts';

const LOST = "JetStream stream '$G > X' could not be recovered";
const health = (text: string): string => `[1] [WRN] Healthcheck failed: ${JSON.stringify(text)}`;
const refused = event({ reason: 'Unhealthy', message: 'HTTP probe failed with statuscode: 503', count: 4 });
const sidecar = container({ name: 'metrics', ready: true });

function causesOf(overrides: Partial<Facts> = {}, given: Partial<PodFacts> = {}) {
  const facts = { events: [refused], logs: [log('nats-1', ['[1] [INF] ready', health(LOST)])], ...overrides };
  return findHealthCauses(factsWith([pod('nats-1', given)], facts));
}

describe('the health of a server', () => {
  test.each<[string, Partial<Facts>, number]>([
    ['is a cause from the fourth failure on', {}, 1],
    ['is no cause before', { events: [{ ...refused, count: 3 }] }, 0],
    ['is no cause if the server does not answer', { events: [{ ...refused, message: 'connection refused' }] }, 0],
    ['is no cause if the last answer was another', { events: [refused, { ...refused, message: 'timeout' }] }, 0],
    ['is no cause if its log does not state it', { logs: [log('nats-1', ['[1] [INF] ready'])] }, 0],
    ['is no cause if its log was not read', { logs: [] }, 0],
    ['is not in the log of another pod', { logs: [log('nats-0', [health(LOST)])] }, 0],
    ['is not in the log of another container', { logs: [log('nats-1', [health(LOST)], { container: 'metrics' })] }, 0],
    ['is not in the log of its previous run', { logs: [log('nats-1', [health(LOST)], { run: 'previous' })] }, 0],
  ])('%s', (_, overrides, count) => {
    expect(causesOf(overrides)).toHaveLength(count);
  });

  test.each<[string, readonly ContainerStatus[], boolean, number]>([
    ['counts beside a container that is ready', [sidecar, container()], false, 1],
    ['does not count while only another container is not ready', [container({ name: 'metrics' })], false, 0],
    ['does not count for a server that ended', [container({ state: terminated('Error', 1) })], false, 0],
    ['does not count for a server that is ready', [container({ ready: true })], false, 0],
    ['does not count for a pod that terminates', [container()], true, 0],
  ])('%s', (_, containers, terminating, count) => {
    expect(causesOf({}, { containers, terminating })).toHaveLength(count);
  });

  test.each([
    ['ends the wait if its line was written since the last observation', 1, true],
    ['does not end the wait if its line is older', 2, false],
  ])('%s', (_, freshFrom, fatal) => {
    const logs = [log('nats-1', ['[1] [INF] ready', health(LOST)], { freshFrom })];
    expect(causesOf({ logs })).toMatchObject([{ fatal, evidence: [`nats-1: ${health(LOST)}`] }]);
  });

  test('is read from the last line that states it, also if its text is no JSON', () => {
    const lines = [health(LOST), '[1] [WRN] Healthcheck failed: "\\x41 is not current"', '[1] [INF] other'];
    const [cause] = causesOf({ logs: [log('nats-1', lines)] });
    expect(cause).toMatchObject({ reason: 'CatchingUp', fatal: false, patienceMs: 0 });
    expect(cause?.message).not.toContain('"');
  });
});

describe('the hint about an unhealthy server', () => {
  test.each<[string, number, string, string]>([
    [LOST, 1, 'jetstream/$G/streams/X', 'the claim'],
    [LOST, 3, 'the claim', 'jetstream/$G/streams/X'],
    ['JetStream has not established contact with a meta leader', 1, 'a single server', 'More than half'],
    ['JetStream has not established contact with a meta leader', 3, 'More than half', 'a single server'],
  ])('depends on the number of servers: %s, %s', (text, replicas, present, absent) => {
    const [cause] = causesOf({ replicas, logs: [log('nats-1', [health(text)])] });
    expect(cause?.hint).toContain(present);
    expect(cause?.hint).not.toContain(absent);
  });
});

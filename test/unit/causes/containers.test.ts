import { describe, expect, test } from '@jest/globals';
import { findContainerCauses } from '../../../src/causes/container-causes.ts';
import type { Cause, Facts, PodFacts } from '../../../src/causes/facts.ts';
import { event, factsWith, inState, log, terminated, waiting } from '../support/facts.ts';

function causeOf(pod: PodFacts, overrides: Partial<Facts> = {}): Partial<Cause> {
  return findContainerCauses(factsWith([pod], overrides))[0] ?? {};
}

describe('the message about a container that cannot be started', () => {
  test('contains the message of the kubelet, or the image if the kubelet gives none', () => {
    const [given, none] = ['no such device', ''].map(
      (text) => causeOf(inState(waiting('CreateContainerError', text))).message,
    );
    expect(given).toContain('no such device');
    expect(given).not.toContain('nats:2.15.2');
    expect(none).toContain('nats:2.15.2');
  });
});

describe('the message about a container that ends', () => {
  test.each<[string, PodFacts, readonly string[], readonly string[]]>([
    ['names reason and exit code', inState(terminated('Error', 7, 'x')), ['Error', '7'], ['restarts']],
    ['names the exit code alone, if there is no reason', inState(terminated('', 9, 'x')), ['ended', '9'], ['restarts']],
    ['counts the restarts', inState(terminated('Error', 7, 'x'), { restartCount: 1 }), ['7, 1 restarts'], []],
    ['names no exit code that is unknown', inState(waiting('CrashLoopBackOff')), ['back-off'], ['exit code']],
  ])('%s', (_, pod, present, absent) => {
    const { message = '' } = causeOf(pod);
    expect(present.filter((text) => !message.includes(text))).toEqual([]);
    expect(absent.filter((text) => message.includes(text))).toEqual([]);
  });
});

const FLAG = 'flag provided but not defined: -bogus';

describe('the evidence about a container that ends', () => {
  const usage = (lines: number): string => Array.from({ length: lines }, (_, index) => `usage ${index}`).join('\n');
  test.each<[string, string, readonly string[]]>([
    ['contains the line with the reason once', FLAG, [FLAG]],
    ['contains it once before other lines', `${FLAG}\nUsage`, [FLAG, 'Usage']],
    ['leaves empty lines out', `${FLAG}\n\n \nUsage\n`, [FLAG, 'Usage']],
  ])('%s', (_, output, lines) => {
    const { evidence } = causeOf(inState(terminated('Error', 1, output)));
    expect(evidence).toEqual(lines.map((line) => `nats-1: ${line}`));
  });

  test('contains the line with the reason, if more lines follow than it shows', () => {
    const { evidence = [] } = causeOf(inState(terminated('Error', 1, `${FLAG}\n${usage(12)}`)));
    expect(evidence.filter((line) => line.includes(FLAG))).toHaveLength(1);
    expect(evidence).toHaveLength(13);
  });
});

describe('the last output of a container', () => {
  const PANIC = 'panic: of the previous run';
  const logs = [
    log('nats-0', ['panic: of another pod']),
    log('nats-1', ['panic: of another container'], { container: 'metrics' }),
    log('nats-1', ['panic: of the current run']),
    log('nats-1', [PANIC], { run: 'previous' }),
  ];
  test.each<[string, PodFacts, Facts['logs'], string]>([
    [
      'is the log of its previous run while it runs again',
      inState({ kind: 'running' }, { lastState: terminated('Error', 2) }),
      logs,
      'of the previous run',
    ],
    ['is the log of its current run after it ended', inState(terminated('Error', 2)), logs, 'of the current run'],
    [
      'is the log of another run, if only that one could be read',
      inState(terminated('Error', 2)),
      logs.filter(({ run, pod }) => run === 'previous' && pod === 'nats-1'),
      'of the previous run',
    ],
    [
      'is never the log of another container or pod',
      inState(terminated('Error', 2)),
      logs.slice(0, 2),
      'no log output',
    ],
  ])('%s', (_, pod, given, text) => {
    expect(causeOf(pod, { logs: given }).message).toContain(text);
  });
});

describe('a server that the kubelet restarts', () => {
  const failed = inState(waiting('CrashLoopBackOff'), { restartCount: 5, lastState: terminated('Completed', 0) });
  const killing = event({ reason: 'Killing', message: 'Container nats failed startup probe, will be restarted' });
  const unhealthy = event({ reason: 'Unhealthy', message: 'Startup probe failed: dial tcp 10.0.0.1:8222' });

  test('has the answer to its last probe in the message', () => {
    expect(causeOf(failed, { events: [unhealthy, killing] })).toMatchObject({
      reason: 'ProbeFailed',
      message: expect.stringContaining('dial tcp'),
    });
    expect(causeOf(failed, { events: [killing] }).message).toContain('failed startup probe');
  });

  test.each<[string, PodFacts, Facts['events'], string]>([
    ['killed it for another reason', failed, [event({ reason: 'Killing', message: 'Stopping' })], 'CrashLoopBackOff'],
    ['only warned about it', failed, [unhealthy], 'CrashLoopBackOff'],
    [
      'killed it after it stated a reason itself',
      inState(waiting('CrashLoopBackOff'), { lastState: terminated('Error', 1, FLAG) }),
      [killing],
      'FlagUnknown',
    ],
  ])('is not explained by its probe when the kubelet %s', (_, pod, events, reason) => {
    expect(causeOf(pod, { events })).toMatchObject({ reason });
  });
});

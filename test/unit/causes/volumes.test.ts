import { describe, expect, test } from '@jest/globals';
import type { EventFacts, Facts, PodFacts } from '../../../src/causes/facts.ts';
import { findClaimCauses, findMountCauses } from '../../../src/causes/volume-causes.ts';
import { container, event, factsWith, inState, pod, waiting } from '../support/facts.ts';

const MISSING = 'MountVolume.SetUp failed for volume "c" : secret "nats-config" not found';

describe('a claim without a volume', () => {
  const object = { kind: 'PersistentVolumeClaim', name: 'js-nats-1', uid: 'c' };
  const claim = { name: 'js-nats-1', uid: 'c', phase: 'Pending', storageClass: 'fast' };
  const failing = event({ reason: 'ProvisioningFailed', message: 'quota', object });
  test.each<[string, string, readonly EventFacts[], readonly object[]]>([
    ['is reported with its last event', 'Pending', [failing, event({ reason: 'Other', object })], [{ fatal: true }]],
    ['may have one by now, if the event is old', 'Pending', [{ ...failing, fresh: false }], [{ fatal: false }]],
    ['is not reported once it has one', 'Bound', [failing], []],
    ['is not reported before an event states the reason', 'Pending', [event({ reason: 'Other', object })], []],
  ])('%s', (_, phase, events, causes) => {
    expect(findClaimCauses(factsWith([], { claims: [{ ...claim, phase }], events }))).toMatchObject(causes);
  });
});

describe('a volume that cannot be mounted', () => {
  const mount = (overrides: Partial<EventFacts> = {}) =>
    event({ reason: 'FailedMount', message: MISSING, ...overrides });
  const creating = container({ state: waiting('ContainerCreating') });
  const running = container({ name: 'metrics', ready: true });

  test.each<[string, PodFacts, readonly EventFacts[], Facts['absentSecrets'], readonly object[]]>([
    [
      'is reported while one of several containers is created',
      pod('nats-1', { containers: [running, creating] }),
      [mount()],
      [],
      [{ reason: 'SecretMissing', fatal: true }],
    ],
    [
      'may be resolved already if the event is old',
      inState(waiting('PodInitializing')),
      [mount({ fresh: false })],
      [],
      [{ reason: 'SecretMissing', fatal: false }],
    ],
    [
      'is reported with the newest fresh event',
      inState(waiting('ContainerCreating')),
      [mount(), mount({ message: 'later', fresh: false })],
      [],
      [{ reason: 'SecretMissing', fatal: true }],
    ],
    [
      'is not reported for a pod that waits for another reason',
      inState(waiting('CrashLoopBackOff')),
      [mount()],
      [],
      [],
    ],
    [
      'is not reported for a pod that terminates',
      { ...inState(waiting('ContainerCreating')), terminating: true },
      [mount()],
      ['nats-config'],
      [],
    ],
    [
      'is not reported for another event of the pod',
      inState(waiting('ContainerCreating')),
      [mount({ reason: 'Scheduled' })],
      [],
      [],
    ],
    [
      'is reported for a running pod whose Secret is missing',
      pod('nats-1', { containers: [running] }),
      [mount({ fresh: false })],
      ['other', 'nats-config'],
      [{ reason: 'SecretMissing', fatal: true }],
    ],
  ])('%s', (_, given, events, absentSecrets, causes) => {
    expect(findMountCauses(factsWith([given], { events, absentSecrets }))).toMatchObject(causes);
  });

  test('has a hint about Secrets only if one is missing', () => {
    const [missing, other] = [MISSING, 'timed out'].map(
      (message) =>
        findMountCauses(factsWith([inState(waiting('PodInitializing'))], { events: [mount({ message })] }))[0],
    );
    expect(missing?.hint).toContain('kubectl get secrets');
    expect(other?.hint).not.toContain('kubectl get secrets');
  });
});

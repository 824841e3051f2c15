import { describe, expect, test } from '@jest/globals';
import { describePodState, findPodFailure } from '../../../../src/commands/pods/pods.ts';
import type { ContainerState, Pod } from '../../../../src/objects/pod.ts';
import { container } from '../../support/facts.ts';
import { pod } from '../../support/pods.ts';

const waiting = (reason: string, message = ''): ContainerState => ({ kind: 'waiting', reason, message });

describe('a container failure', () => {
  test.each([
    'ImagePullBackOff',
    'InvalidImageName',
    'ErrImageNeverPull',
    'CreateContainerConfigError',
    'CreateContainerError',
    'CrashLoopBackOff',
  ])('with reason %s ends the wait with the pod, the reason and the next action', (reason) => {
    const lastState = { kind: 'terminated', reason: 'Error', message: 'x', exitCode: 1 } as const;
    const failure = findPodFailure(
      pod({ containers: [container({ state: waiting(reason, 'what happened'), lastState })] }),
    );
    expect(failure).toMatchObject({
      code: 'ROLLOUT_STALLED',
      reason,
      details: {
        problems: [{ object: 'Pod/nats-1', reason }],
        evidence: expect.anything(),
      },
    });
    expect(failure?.hint).not.toBe('');
  });

  test.each<[string, ContainerState]>([
    ['container creation', waiting('ContainerCreating')],
    ['a first failed pull', waiting('ErrImagePull')],
    ['a rate limit of the registry', waiting('ImagePullBackOff', '429 Too Many Requests')],
    ['a running container', { kind: 'running' }],
    ['a terminated container', { kind: 'terminated', reason: 'Error', message: '', exitCode: 1 }],
    ['an unknown state', { kind: 'unknown' }],
  ])('is not assumed for %s', (_, state) => {
    expect(findPodFailure(pod({ containers: [container({ state })] }))).toBeUndefined();
  });

  test('names the image if the kubelet gives no details', () => {
    const failure = findPodFailure(pod({ containers: [container({ state: waiting('ImagePullBackOff') })] }));
    expect(failure?.message).toContain('nats:2.15.2');
  });

  test('includes the output of the last run', () => {
    const lastState = { kind: 'terminated', reason: 'Error', message: 'bad luck\n', exitCode: 1 } as const;
    const failure = findPodFailure(pod({ containers: [container({ state: waiting('CrashLoopBackOff'), lastState })] }));
    expect(failure?.message).toMatch(/bad luck$/);
    expect(failure?.details).toMatchObject({ evidence: ['nats-1: bad luck'] });
  });

  test('ends the wait at once if it repeats in every run, and has the code PKI_INVALID for a wrong private key', () => {
    const message =
      'nats-server: /etc/nats/nats.conf:4:1: error parsing X509 certificate/key pair: tls: private key does not match public key\n';
    const state = { kind: 'terminated', reason: 'Error', message, exitCode: 1 } as const;
    expect(findPodFailure(pod({ containers: [container({ state })] }))).toMatchObject({
      code: 'PKI_INVALID',
      reason: 'CertificateKeyMismatch',
      details: { field: 'Pod/nats-1' },
    });
  });

  test('is not assumed for a pod without a node', () => {
    const unscheduled = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' };
    expect(findPodFailure(pod({ conditions: [unscheduled], containers: [] }))).toBeUndefined();
  });

  test('may be in any container of the pod', () => {
    const failed = container({ name: 'init', state: waiting('CreateContainerError') });
    expect(findPodFailure(pod({ containers: [container(), failed] }))).toBeDefined();
  });
});

describe('the state of a pod', () => {
  const unscheduled = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' };
  const ended: ContainerState = { kind: 'terminated', reason: 'OOMKilled', message: '', exitCode: 137 };

  test.each<[string, Pod | undefined, string]>([
    ['is "no pod yet" for a missing pod', undefined, 'no pod yet'],
    [
      'is "terminating" for a terminating pod, even if it is ready',
      pod({ terminating: true, ready: true }),
      'terminating',
    ],
    ['says why a pod is unschedulable', pod({ conditions: [unscheduled], containers: [] }), 'not scheduled: 0/3 nodes'],
    ['is "scheduled" for a pod with a node', pod({ phase: 'Pending', containers: [] }), 'scheduled'],
    [
      'has the reason of a starting server',
      pod({ containers: [container({ state: waiting('ContainerCreating') })] }),
      'starting: ContainerCreating',
    ],
    [
      'has the reason and exit code of a terminated server',
      pod({ containers: [container({ state: ended })] }),
      'ended: OOMKilled (137)',
    ],
    ['is "running" for a running server', pod(), 'running'],
    ['is "ready" for a ready server', pod({ ready: true }), 'ready'],
    ['is the phase if nothing else is known', pod({ phase: 'Unknown', containers: [] }), 'Unknown'],
  ])('%s', (_, observed, state) => {
    expect(describePodState(observed)).toBe(state);
  });
});

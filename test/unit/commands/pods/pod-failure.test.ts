import { describe, expect, test } from '@jest/globals';
import { describePodState, findPodFailure } from '../../../../src/commands/pods/pods.ts';
import type { ContainerState, Pod } from '../../../../src/objects/pod.ts';
import { container } from '../../support/facts.ts';
import { pod } from '../../support/pods.ts';

const waiting = (reason: string, message = ''): ContainerState => ({ kind: 'waiting', reason, message });

describe('what waiting cannot heal', () => {
  test.each([
    'ImagePullBackOff',
    'InvalidImageName',
    'ErrImageNeverPull',
    'CreateContainerConfigError',
    'CreateContainerError',
    'CrashLoopBackOff',
  ])('%s ends the wait with the pod, the reason and the next action', (reason) => {
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
    ['a container that is created', waiting('ContainerCreating')],
    ['a first failed pull', waiting('ErrImagePull')],
    ['a registry that is busy', waiting('ImagePullBackOff', '429 Too Many Requests')],
    ['a container that runs', { kind: 'running' }],
    ['a container that ended', { kind: 'terminated', reason: 'Error', message: '', exitCode: 1 }],
    ['no state yet', { kind: 'unknown' }],
  ])('%s does not end the wait', (_, state) => {
    expect(findPodFailure(pod({ containers: [container({ state })] }))).toBeUndefined();
  });

  test('the image is named when the kubelet says no more', () => {
    const failure = findPodFailure(pod({ containers: [container({ state: waiting('ImagePullBackOff') })] }));
    expect(failure?.message).toContain('nats:2.15.2');
  });

  test('how the last run ended is told', () => {
    const lastState = { kind: 'terminated', reason: 'Error', message: 'bad luck\n', exitCode: 1 } as const;
    const failure = findPodFailure(pod({ containers: [container({ state: waiting('CrashLoopBackOff'), lastState })] }));
    expect(failure?.message).toMatch(/bad luck$/);
    expect(failure?.details).toMatchObject({ evidence: ['nats-1: bad luck'] });
  });

  test('what ends the same every time ends the wait at once, and a wrong key is a matter of the PKI', () => {
    const message =
      'nats-server: /etc/nats/nats.conf:4:1: error parsing X509 certificate/key pair: tls: private key does not match public key\n';
    const state = { kind: 'terminated', reason: 'Error', message, exitCode: 1 } as const;
    expect(findPodFailure(pod({ containers: [container({ state })] }))).toMatchObject({
      code: 'PKI_INVALID',
      reason: 'CertificateKeyMismatch',
      details: { field: 'Pod/nats-1' },
    });
  });

  test('a pod without a node does not yet', () => {
    const unscheduled = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' };
    expect(findPodFailure(pod({ conditions: [unscheduled], containers: [] }))).toBeUndefined();
  });

  test('any container may be the one', () => {
    const failed = container({ name: 'init', state: waiting('CreateContainerError') });
    expect(findPodFailure(pod({ containers: [container(), failed] }))).toBeDefined();
  });
});

describe('where a pod is', () => {
  const unscheduled = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/3 nodes' };
  const ended: ContainerState = { kind: 'terminated', reason: 'OOMKilled', message: '', exitCode: 137 };

  test.each<[string, Pod | undefined, string]>([
    ['no pod', undefined, 'no pod yet'],
    ['an ending pod, whatever else it is', pod({ terminating: true, ready: true }), 'ending'],
    ['a pod without a node', pod({ conditions: [unscheduled], containers: [] }), 'not scheduled: 0/3 nodes'],
    ['a pod with a node', pod({ phase: 'Pending', containers: [] }), 'scheduled'],
    [
      'a starting server',
      pod({ containers: [container({ state: waiting('ContainerCreating') })] }),
      'starting: ContainerCreating',
    ],
    ['an ended server', pod({ containers: [container({ state: ended })] }), 'ended: OOMKilled (137)'],
    ['a running server', pod(), 'running'],
    ['a ready server', pod({ ready: true }), 'ready'],
    ['a pod that tells only its phase', pod({ phase: 'Unknown', containers: [] }), 'Unknown'],
  ])('%s', (_, observed, state) => {
    expect(describePodState(observed)).toBe(state);
  });
});

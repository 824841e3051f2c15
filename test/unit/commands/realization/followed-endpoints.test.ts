import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { FollowedEndpoints } from '../../../../src/commands/realization/followed-endpoints.ts';
import { type ActionError, hasCode } from '../../../../src/errors/action-error.ts';
import type { FollowEvent } from '../../../../src/kubernetes/watch.ts';
import { decodeObject, type KubernetesObject } from '../../../../src/objects/object.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';

const SPEC = clusterSpec({ replicas: 1 });
const PODS = new Map([['nats-0', 'u0']]);

function slice(service: string, uid: string | undefined): KubernetesObject {
  const labels = { 'kubernetes.io/service-name': service };
  const metadata = { name: `${service}-x`, namespace: 'messaging', uid: service, resourceVersion: '1', labels };
  const targetRef = { kind: 'Pod', name: 'nats-0', uid };
  const endpoints = uid === undefined ? [] : [{ addresses: ['10.0.0.1'], conditions: { ready: true }, targetRef }];
  return decodeObject({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, endpoints });
}

const slices = (uid: string | undefined): readonly KubernetesObject[] =>
  ['nats', 'nats-headless', 'nats-0'].map((service) => slice(service, uid));

/** Makes a watch with the first objects, and with the later ones after `afterMs` milliseconds. */
function endpointsWith(first: readonly KubernetesObject[], later: readonly KubernetesObject[], afterMs: number) {
  const deadline = new AbortController();
  const shown: string[] = [];
  async function* follow(_: unknown, __: unknown, signal: AbortSignal): AsyncGenerator<FollowEvent> {
    yield { kind: 'listed', objects: first, resourceVersion: '1' };
    await delay(afterMs, undefined, { signal });
    for (const object of later) yield { kind: 'modified', object };
    await delay(60_000, undefined, { signal });
  }
  const followed = new FollowedEndpoints(
    {
      api: { follow, list: async () => ({ objects: [], resourceVersion: '1' }) },
      waiting: { show: (problems) => void shown.push(...problems.map(({ message }) => message)) },
      signal: deadline.signal,
    },
    SPEC,
  );
  return { followed, shown, deadline };
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

describe('the wait for the Services', () => {
  test('ends at once if the Services already led to the servers', async () => {
    const { followed } = endpointsWith(slices('u0'), [], 60_000);
    expect(await timeOf(async () => await followed.waitUntilReached(SPEC, PODS))).toBeLessThan(500);
    await followed.close();
  });

  test('ends a second after the Services lead to the servers, when nodes have applied that', async () => {
    const { followed, shown } = endpointsWith(slices(undefined), slices('u0'), 300);
    expect(await timeOf(async () => await followed.waitUntilReached(SPEC, PODS))).toBeGreaterThanOrEqual(1300 - 10);
    expect(shown).toContain('Service nats: does not lead to nats-0 yet');
    await followed.close();
  });

  test('fails at the deadline while a Service leads to a replaced pod', async () => {
    const { followed, deadline } = endpointsWith([...slices('u0').slice(0, 2), slice('nats-0', 'old')], [], 60_000);
    const failed = followed.waitUntilReached(SPEC, PODS).then(
      () => undefined,
      (error: unknown): ActionError | undefined => (hasCode(error, 'WAIT_TIMEOUT') ? error : undefined),
    );
    await delay(100);
    deadline.abort(new DOMException('over', 'TimeoutError'));
    const error = await failed;
    expect(error?.reason).toBe('OtherEndpoints');
    expect(error?.message).toContain('Service nats-0: leads to nats-0, which is not one of its servers now');
    await followed.close();
  });
});

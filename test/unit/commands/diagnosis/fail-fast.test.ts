import { describe, expect, test } from '@jest/globals';
import { collectFacts } from '../../../../src/commands/diagnosis/diagnosis.ts';
import { FailFast } from '../../../../src/commands/diagnosis/fail-fast.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import type { ObjectRef, ResourceKind } from '../../../../src/kubernetes/resources.ts';
import type { MeshProblem } from '../../../../src/nats/mesh/observation.ts';
import { decodeObject, type KubernetesObject } from '../../../../src/objects/object.ts';
import { decodePod, type Pod } from '../../../../src/objects/pod.ts';

const spec = { name: 'nats', namespace: 'messaging', replicas: 3 };

/** Makes an API server that holds these objects and logs, and refuses the kinds in `forbidden`. */
function cluster() {
  const objects = new Map<ResourceKind, readonly KubernetesObject[]>();
  const logs = new Map<string, string>();
  const forbidden = new Set<ResourceKind>();
  const requests: string[] = [];
  const api = {
    list: async (kind: ResourceKind) => {
      requests.push(kind);
      if (forbidden.has(kind)) {
        throw new ActionError('FORBIDDEN', 'no', { hint: '', details: { missing: [] } });
      }
      return { objects: objects.get(kind) ?? [], resourceVersion: '1' };
    },
    get: async ({ kind, name }: ObjectRef) => {
      requests.push(kind);
      return objects.get(kind)?.find(({ metadata }) => metadata.name === name);
    },
    podLog: async ({ pod }: { readonly pod: string }) => logs.get(pod),
  };
  return { api, objects, logs, forbidden, requests };
}

function eventObject(count: number, overrides: object = {}): KubernetesObject {
  return decodeObject({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'e', uid: 'e' },
    type: 'Warning',
    reason: 'FailedCreate',
    message:
      'Create Pod nats-1 in StatefulSet nats failed error: pods "nats-1" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1',
    involvedObject: { kind: 'StatefulSet', name: 'nats', uid: 's' },
    lastTimestamp: '1999-01-01T00:00:00Z',
    count,
    ...overrides,
  });
}

function podObject(name: string, status: object = {}): KubernetesObject {
  const metadata = { name, namespace: 'messaging', uid: name };
  return decodeObject({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { nodeName: 'node-1' }, status });
}

const running = (name: string): Pod =>
  decodePod(podObject(name, { containerStatuses: [{ name: 'nats', ready: true, state: { running: {} } }] }));

const noRoute: MeshProblem = { from: 'nats-0', to: 'nats-1', reason: 'NoRoute', message: '' };

function scene(faked = cluster()) {
  let at = Date.parse('2026-11-23T02:00:01.900Z');
  const newSince = at - 800;
  const signal = new AbortController().signal;
  const failFast = new FailFast({
    api: faked.api,
    spec,
    signal,
    redact: (text) => text.replaceAll('s3cret-canary', '***'),
    now: () => at,
    newSince,
  });
  /** Moves the clock, plays one round of the check, and waits for the request that this round may have sent. */
  const round = async (laterMs: number, pods: readonly Pod[], problems: readonly MeshProblem[] = []) => {
    at += laterMs;
    failFast.check(pods, problems);
    await new Promise((resolve) => setImmediate(resolve));
    return failFast.check(pods, problems);
  };
  return { ...faked, failFast, round };
}

test('the fail-fast check sends one request for two observations within a second', async () => {
  const { round, requests } = scene();
  await round(100, [running('nats-0')]);
  await round(800, [running('nats-0')]);
  expect(requests).toEqual(['Event']);
});

test('a node that was Ready is read again after two seconds, one that was not Ready at every observation', async () => {
  const { round, objects, requests } = scene();
  const asked = (): number => requests.filter((kind) => kind === 'Node').length;
  const starting = [decodePod(podObject('nats-0'))];
  const nodeObject = (status: string): KubernetesObject =>
    decodeObject({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-1' },
      status: { conditions: [{ type: 'Ready', status }] },
    });
  objects.set('Node', [nodeObject('True')]);
  for (const laterMs of [1100, 800, 800]) await round(laterMs, starting);
  expect(asked()).toBe(1);
  objects.set('Node', [nodeObject('Unknown')]);
  await round(800, starting);
  expect(asked()).toBe(2);
  await round(800, starting);
  expect(asked()).toBe(3);
});

describe('a rejected pod creation', () => {
  test('ends the wait if it repeats', async () => {
    const { round, objects } = scene();
    expect(await round(1100, [])).toBeUndefined();
    objects.set('Event', [eventObject(4)]);
    expect(await round(1500, [])).toBeUndefined();
    expect(await round(1500, [])).toMatchObject({ code: 'APPLY_REJECTED', reason: 'QuotaExceeded' });
  });

  test('does not end the wait if it happened before the wait', async () => {
    const faked = cluster();
    faked.objects.set('Event', [eventObject(4)]);
    const { round } = scene(faked);
    for (const _ of [1, 2, 3, 4]) {
      expect(await round(1500, [])).toBeUndefined();
    }
    faked.objects.set('Event', [eventObject(5)]);
    await round(1500, []);
    expect(await round(1500, [])).toMatchObject({ reason: 'QuotaExceeded' });
  });

  test('ends the wait if its first event is between the write and the first observation, with times in whole seconds', async () => {
    const faked = cluster();
    const at = '2026-11-23T02:00:01Z';
    faked.objects.set('Event', [eventObject(1, { firstTimestamp: at, lastTimestamp: at })]);
    const { round } = scene(faked);
    await round(1500, []);
    expect(await round(1500, [])).toMatchObject({ reason: 'QuotaExceeded' });
  });

  test('does not end the wait if its last event is in the second of the write that corrected it', async () => {
    const faked = cluster();
    const [first, last] = ['2026-11-23T02:00:00Z', '2026-11-23T02:00:01Z'];
    faked.objects.set('Event', [eventObject(4, { firstTimestamp: first, lastTimestamp: last })]);
    const { round } = scene(faked);
    await round(1500, []);
    expect(await round(1500, [])).toBeUndefined();
  });

  test('ends the wait however slowly observations follow each other', async () => {
    const { round, objects } = scene();
    await round(1100, []);
    objects.set('Event', [eventObject(4)]);
    await round(60_000, []);
    expect(await round(60_000, [])).toMatchObject({ reason: 'QuotaExceeded' });
  });

  test('does not end the wait if it was corrected before it was certain', async () => {
    const { round, objects } = scene();
    objects.set('Event', [eventObject(4)]);
    await round(1500, []);
    objects.set('Event', []);
    await round(1500, []);
    objects.set('Event', [eventObject(9)]);
    expect(await round(1500, [])).toBeUndefined();
  });
});

describe('a rejected route', () => {
  const refusal = (rid: number) =>
    `[1] [ERR] 10.96.0.11:6222 - rid:${rid} - TLS route handshake error: tls: failed to verify certificate: x509: certificate signed by unknown authority`;
  const service = decodeObject({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'nats-1', namespace: 'messaging' },
    spec: { clusterIP: '10.96.0.11' },
  });
  const pods = [running('nats-0'), running('nats-1')];

  test('ends the wait while the pair lacks its routes and the server repeats its error', async () => {
    const { round, objects, logs } = scene();
    objects.set('Service', [service]);
    const lines = [refusal(5)];
    const results = [];
    await round(0, pods, [noRoute]);
    for (const rid of [6, 7, 8]) {
      logs.set('nats-0', lines.join('\n'));
      lines.push(refusal(rid));
      results.push(await round(1500, pods, [noRoute]));
    }
    expect(results[1]).toBeUndefined();
    expect(results[2]).toMatchObject({ code: 'MESH_INCOMPLETE', reason: 'UnknownAuthority' });
    expect(results[2]?.details).toMatchObject({ problems: [{ object: 'nats-0 → nats-1' }] });
  });

  test('ends the wait if a connection attempt falls between two observations', async () => {
    const { round, objects, logs } = scene();
    objects.set('Service', [service]);
    const lines = [refusal(5)];
    const results = [];
    await round(0, pods, [noRoute]);
    for (const rid of [6, undefined, 7, undefined, 8]) {
      logs.set('nats-0', lines.join('\n'));
      if (rid !== undefined) lines.push(refusal(rid));
      results.push(await round(1100, pods, [noRoute]));
    }
    expect(results[3] ?? results[4]).toMatchObject({ reason: 'UnknownAuthority' });
  });

  test('is reported with the reason from the server that rejects it, even if the rejected server logged first', async () => {
    const { round, objects, logs } = scene();
    objects.set('Service', [service]);
    const hearsay = (rid: number) =>
      `[1] [ERR] 10.244.0.1:4711 - rid:${rid} - TLS route handshake error: tls: client didn't provide a certificate`;
    const lines = [hearsay(1)];
    logs.set('nats-0', lines.join('\n'));
    await round(1100, pods, [noRoute]);
    const results = [];
    for (const more of [[hearsay(2)], [hearsay(3)], [hearsay(4), refusal(5)], [hearsay(6), refusal(7)]]) {
      lines.push(...more);
      logs.set('nats-0', lines.join('\n'));
      results.push(await round(800, pods, [noRoute]));
    }
    expect(results.slice(0, 3)).toEqual([undefined, undefined, undefined]);
    expect(results[3]).toMatchObject({ reason: 'UnknownAuthority' });
  });

  test('is not searched for in the first second, in which servers connect, but right after it', async () => {
    const { round, requests } = scene();
    const looks = (): number => requests.filter((kind) => kind === 'Service').length;
    for (const laterMs of [1500, 700, 200]) await round(laterMs, pods, [noRoute]);
    expect(looks()).toBe(0);
    await round(100, pods, [noRoute]);
    expect(looks()).toBe(1);
    await round(100, pods, []);
    await round(900, pods, [noRoute]);
    expect(looks()).toBe(1);
  });

  test('does not end the wait if no pair lacks routes, because an unexpected peer is another problem', async () => {
    const { round, objects, logs } = scene();
    objects.set('Service', [service]);
    const lines = [refusal(5)];
    for (const rid of [6, 7, 8, 9]) {
      logs.set('nats-0', lines.join('\n'));
      lines.push(refusal(rid));
      expect(await round(1500, pods, [{ ...noRoute, to: 'insider', reason: 'UnexpectedPeer' }])).toBeUndefined();
    }
  });

  test('does not end the wait if the log line is old', async () => {
    const { round, objects, logs } = scene();
    objects.set('Service', [service]);
    logs.set('nats-0', refusal(5));
    for (const _ of [1, 2, 3, 4]) {
      expect(await round(1500, pods, [noRoute])).toBeUndefined();
    }
  });
});

describe('a missing Secret in a kubelet event', () => {
  const missed = (secret: string): KubernetesObject =>
    eventObject(4, {
      reason: 'FailedMount',
      message: `MountVolume.SetUp failed for volume "configuration" : secret "${secret}" not found`,
      involvedObject: { kind: 'Pod', name: 'nats-0', uid: 'nats-0' },
    });
  const secretObject = decodeObject({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'nats-config' } });

  test('ends the wait only while the Secret is missing', async () => {
    const { round, objects } = scene();
    objects.set('Event', [missed('nats-config')]);
    await round(1500, [running('nats-0')]);
    objects.set('Secret', [secretObject]);
    for (const _ of [1, 2]) expect(await round(1500, [running('nats-0')])).toBeUndefined();
    objects.set('Secret', []);
    await round(1500, [running('nats-0')]);
    expect(await round(1500, [running('nats-0')])).toMatchObject({ reason: 'SecretMissing' });
  });

  test('does not concern this deployment if only earlier pods use the Secret', async () => {
    const { round, objects, requests } = scene();
    objects.set('Event', [missed('of-the-chart')]);
    for (const _ of [1, 2, 3]) expect(await round(1500, [running('nats-0')])).toBeUndefined();
    expect(requests).not.toContain('Secret');
  });
});

describe('a pod on a node that is not Ready', () => {
  const node = decodeObject({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' }, status: {} });
  const unready = decodePod(podObject('nats-0', { containerStatuses: [{ name: 'nats', state: { running: {} } }] }));

  test('is reported as lost if its kubelet does not respond either', async () => {
    const { round, objects } = scene();
    objects.set('Node', [node]);
    await round(1100, [unready]);
    for (const _ of [1, 2]) await round(1500, [unready]);
    expect(await round(100, [unready])).toMatchObject({ reason: 'NodeLost' });
  });

  test('is not reported as lost if its kubelet responds, because the API server may learn of the node late', async () => {
    const { round, objects, logs } = scene();
    objects.set('Node', [node]);
    logs.set('nats-0', 'Server is ready');
    for (const _ of [1, 2, 3, 4]) expect(await round(1500, [unready])).toBeUndefined();
  });
});

test('a cause that may be resolved has to be observed again before it ends the wait', async () => {
  const { round, objects, failFast } = scene();
  await round(1100, []);
  objects.set('Event', [eventObject(4)]);
  for (const _ of [1, 2]) await round(1500, []);
  objects.set('Event', []);
  failFast.forgive();
  for (const _ of [1, 2]) expect(await round(1500, [])).toBeUndefined();
});

test('a pod with a definite failure is diagnosed at once, without waiting a second', async () => {
  const { round, logs } = scene();
  const message = 'nats-server: /etc/nats/nats.conf:2:1: unknown field "s3cret-canary"\n';
  const status = {
    containerStatuses: [{ name: 'nats', state: { terminated: { reason: 'Error', exitCode: 1, message } } }],
  };
  logs.set('nats-0', message);
  const error = await round(10, [decodePod(podObject('nats-0', status))]);
  expect(error).toMatchObject({ code: 'ROLLOUT_STALLED', reason: 'ConfigurationError' });
  expect(JSON.stringify([error?.message, error?.details])).not.toContain('canary');
});

test('a kind that must not be read hides no other facts, and is noted', async () => {
  const { api, objects, forbidden } = cluster();
  const signal = new AbortController().signal;
  forbidden.add('Event').add('Node');
  objects.set('Pod', [podObject('nats-0')]);
  const facts = await collectFacts({ api, spec, signal, redact: (text) => text });
  expect(facts.pods).toHaveLength(1);
  expect(facts.unread.toSorted()).toEqual([
    'Event: the credentials do not allow it',
    'Node: the credentials do not allow it',
  ]);
});

test('only events of this deployment are reported', async () => {
  const { api, objects } = cluster();
  const of = (name: string) => eventObject(1, { involvedObject: { kind: 'Pod', name, uid: name } });
  const names = ['nats', 'nats-0', 'js-nats-12', 'other', 'nats-box-x', 'natsx-0', 'nats-0-1'];
  objects.set('Event', names.map(of));
  const facts = await collectFacts({ api, spec, signal: new AbortController().signal, redact: (text) => text });
  expect(facts.events.map(({ object }) => object.name)).toEqual(['nats', 'nats-0', 'js-nats-12']);
});

test('closing the fail-fast check ends a diagnosis in progress', async () => {
  const { failFast }: { readonly failFast: FailFast } = scene();
  failFast.check([], []);
  await expect(failFast.close()).resolves.toBeUndefined();
});

import { describe, expect, test } from '@jest/globals';
import { ORPHANED_ANNOTATION } from '../../../../src/cluster/names.ts';
import { requireDeployed } from '../../../../src/commands/decision/deployed.ts';
import type { LiveState } from '../../../../src/commands/live/live-state.ts';
import { requireChangeable, requireSameVolumes } from '../../../../src/commands/preflight/forbidden-changes.ts';
import { type ActionError, hasCode } from '../../../../src/errors/action-error.ts';
import { parseDeployInputs } from '../../../../src/inputs/parse.ts';
import { settingsOf } from '../../../../src/inputs/settings.ts';
import { decodeObject } from '../../../../src/objects/object.ts';
import { decodePod, type Pod } from '../../../../src/objects/pod.ts';
import { liveState, runningSet } from '../../support/live-state.ts';
import { storedMaterial } from '../../support/stored-material.ts';

type Given = Readonly<Record<string, string>>;

const JETSTREAM = { jetstream: 'true' } as const;
const MEMORY = { ...JETSTREAM, 'jetstream-storage': '0', 'jetstream-memory': '1Gi' } as const;

function pod(name: string, annotations: Given, state: object, restartCount = 0): Pod {
  const containerStatuses = [{ name: 'nats', restartCount, state }];
  const metadata = { name, namespace: 'n', uid: name, resourceVersion: '1', labels: {}, annotations };
  return decodePod(decodeObject({ apiVersion: 'v1', kind: 'Pod', metadata, spec: {}, status: { containerStatuses } }));
}

const raw = (given: Given) => new Map(Object.entries(given));
const deployedWith = (given: Given): LiveState =>
  liveState({ statefulSet: runningSet, stored: storedMaterial({ settings: settingsOf(raw(given)) }) });

function refusal(before: LiveState, given: Given): ActionError<'CHANGE_FORBIDDEN'> | undefined {
  try {
    requireChangeable(parseDeployInputs(raw(given)), before);
    return undefined;
  } catch (error) {
    if (hasCode(error, 'CHANGE_FORBIDDEN')) return error;
    throw error;
  }
}

describe('a change of a running cluster', () => {
  test.each<[string, Given, Given, string, string]>([
    [
      'a Secret replaces our server certificate',
      {},
      { 'server-tls-secret': 'a' },
      'server-tls-secret',
      'CertificateSourceInUse',
    ],
    [
      'our server certificate replaces a Secret',
      { 'server-tls-secret': 'a' },
      {},
      'server-tls-secret',
      'CertificateSourceInUse',
    ],
    [
      'another Secret replaces the first',
      { 'route-tls-secret': 'a' },
      { 'route-tls-secret': 'b' },
      'route-tls-secret',
      'CertificateSourceInUse',
    ],
    [
      'certificates are to select client users',
      { 'client-verify': 'verify' },
      { 'client-verify': 'verify-and-map' },
      'client-verify',
      'CutsOffClients',
    ],
    [
      'certificates no longer select client users',
      { 'client-verify': 'verify-and-map' },
      {},
      'client-verify',
      'CutsOffClients',
    ],
    ['JetStream is enabled', {}, JETSTREAM, 'jetstream', 'JetStreamInUse'],
    ['JetStream is disabled', JETSTREAM, {}, 'jetstream', 'JetStreamInUse'],
    [
      'volumes become larger',
      JETSTREAM,
      { ...JETSTREAM, 'jetstream-storage': '20Gi' },
      'jetstream-storage',
      'VolumeInUse',
    ],
    ['volumes are removed', JETSTREAM, { ...MEMORY, 'jetstream-memory': '1Gi' }, 'jetstream-storage', 'VolumeInUse'],
    [
      'volumes get another class',
      JETSTREAM,
      { ...JETSTREAM, 'jetstream-storage-class': 'fast' },
      'jetstream-storage-class',
      'VolumeInUse',
    ],
    [
      'memory for streams is reduced',
      MEMORY,
      { ...MEMORY, 'jetstream-memory': '1Mi' },
      'jetstream-memory',
      'NeedsRestart',
    ],
    [
      'one server with streams becomes a cluster',
      { ...JETSTREAM, replicas: '1' },
      JETSTREAM,
      'replicas',
      'StandaloneJetStream',
    ],
    [
      'a cluster with streams becomes one server',
      JETSTREAM,
      { ...JETSTREAM, replicas: '1' },
      'replicas',
      'StandaloneJetStream',
    ],
    ['clients need certificates', {}, { 'client-verify': 'verify' }, 'client-verify', 'CutsOffClients'],
  ])('is refused if %s', (_, before, given, input, reason) => {
    expect(refusal(deployedWith(before), given)).toMatchObject({
      reason,
      hint: expect.stringMatching(/\S/),
      details: { problems: [{ object: input, reason, message: expect.stringContaining(input) }] },
    });
  });

  test('is allowed with `allow: outage` if it only disconnects clients, but not if servers cannot apply it', () => {
    const allow = { allow: 'outage' };
    expect(refusal(deployedWith({}), { ...allow, 'client-verify': 'verify' })).toBeUndefined();
    expect(refusal(deployedWith({}), { ...allow, 'client-verify': 'verify-and-map' })).toBeUndefined();
    expect(refusal(deployedWith({}), { ...allow, 'route-tls-secret': 'a' })?.reason).toBe('CertificateSourceInUse');
  });

  const onImage = (image: string, given: Given = JETSTREAM): LiveState => ({
    ...deployedWith(given),
    image,
    verifiedDeployment: { image, settings: '{}' },
  });

  test('is refused if servers with streams get an older minor release', () => {
    const given = { ...JETSTREAM, image: 'nats:2.12.15' };
    expect(refusal(onImage('nats:2.15.2'), given)).toMatchObject({
      reason: 'Downgrade',
      details: { problems: [{ object: 'image', message: expect.stringContaining('nats:2.15.2') }] },
    });
  });

  test.each<[string, LiveState, Given]>([
    ['an older patch release', onImage('nats:2.15.2'), { ...JETSTREAM, image: 'nats:2.15.1-alpine' }],
    ['a newer release', onImage('nats:2.12.15'), { ...JETSTREAM, image: 'registry.example/nats:2.15.2' }],
    ['an older minor release without streams', onImage('nats:2.15.2', {}), { image: 'nats:2.12.15' }],
    ['an image tag without a release', onImage('nats:2.15.2'), { ...JETSTREAM, image: 'nats:latest' }],
    [
      'a return from a release that was never verified',
      { ...onImage('nats:2.12.15'), image: 'nats:2.15.2' },
      { ...JETSTREAM, image: 'nats:2.12.15' },
    ],
  ])('is allowed between releases: %s', (_, before, given) => {
    expect(refusal(before, given)).toBeUndefined();
  });

  test('is refused with the command that deletes only the volumes of this NATS cluster', () => {
    const { hint } =
      refusal(deployedWith(JETSTREAM), { ...JETSTREAM, name: 'orders', 'jetstream-storage': '1Gi' }) ?? {};
    expect(hint).toContain('`command: delete`, `name: orders`, `allow: delete-volumes`');
  });

  test('is refused with all reasons at once', () => {
    const given = { 'route-tls-secret': 'b', 'client-verify': 'verify' };
    const problems = refusal(deployedWith({}), given)?.details.problems.map(({ object }) => object);
    expect(problems).toEqual(['route-tls-secret', 'client-verify']);
  });

  test.each<[string, Given, Given]>([
    ['no change', { 'server-tls-secret': 'a' }, { 'server-tls-secret': 'a' }],
    ['client certificates that are no longer required', { 'client-verify': 'verify' }, {}],
    [
      'the same JetStream sizes in another notation',
      { ...JETSTREAM, 'jetstream-storage': '1Gi' },
      { ...JETSTREAM, 'jetstream-storage': '1024Mi' },
    ],
    ['volumes for servers without volumes', MEMORY, { ...MEMORY, 'jetstream-storage': '1Gi' }],
    ['more servers with JetStream', JETSTREAM, { ...JETSTREAM, replicas: '5' }],
    ['fewer servers with JetStream', { ...JETSTREAM, replicas: '5' }, { ...JETSTREAM, replicas: '2' }],
    ['more memory for streams', JETSTREAM, { ...JETSTREAM, 'jetstream-memory': '1Gi' }],
    ['any other input', {}, { replicas: '5', debug: 'true', 'key-algorithm': 'ed25519', 'client-certificates': 'a' }],
  ])('is allowed: %s', (_, before, given) => {
    expect(refusal(deployedWith(before), given)).toBeUndefined();
  });

  const VOLUMES = { ...MEMORY, 'jetstream-storage': '1Gi', 'jetstream-storage-class': 'slow' } as const;
  const left = pod('nats-1', { [ORPHANED_ANNOTATION]: 'true' }, { running: {} });
  const waiting = pod('nats-0', {}, { waiting: { reason: 'ContainerCreating' } });

  test.each<[string, LiveState]>([
    ['no server has used a volume', { ...deployedWith(VOLUMES), pods: [waiting, left] }],
    ['the StatefulSet is not recreated yet', { ...deployedWith(VOLUMES), statefulSet: undefined, pods: [left] }],
  ])('is allowed: other volumes or none, while %s', (_, before) => {
    expect(refusal(before, MEMORY)).toBeUndefined();
    expect(refusal(before, { ...VOLUMES, 'jetstream-storage-class': 'fast' })).toBeUndefined();
    expect(refusal(before, { ...VOLUMES, replicas: '1' })?.reason).toBe('StandaloneJetStream');
    expect(() => requireSameVolumes(parseDeployInputs(raw(MEMORY)), before)).not.toThrow();
  });

  test.each<[string, LiveState]>([
    ['a server uses one', { ...deployedWith(VOLUMES), pods: [pod('nats-0', {}, { running: {} }), left] }],
    ['a server has used one', { ...deployedWith(VOLUMES), pods: [pod('nats-0', {}, { waiting: {} }, 1), left] }],
    ['all servers use them', { ...deployedWith(VOLUMES), pods: [] }],
  ])('is refused: other volumes or none, once %s', (_, before) => {
    expect(refusal(before, MEMORY)?.reason).toBe('VolumeInUse');
    expect(refusal(before, { ...VOLUMES, 'jetstream-storage-class': 'fast' })?.reason).toBe('VolumeInUse');
    expect(() => requireSameVolumes(parseDeployInputs(raw(MEMORY)), before)).toThrow(
      expect.objectContaining({ code: 'CHANGE_FORBIDDEN', reason: 'VolumeInUse' }),
    );
  });

  test.each<[string, LiveState]>([
    ['nothing runs', { ...deployedWith({}), statefulSet: undefined }],
    ['the cluster was deployed before settings were stored', liveState({ statefulSet: runningSet })],
    [
      'its stored settings are invalid',
      liveState({ statefulSet: runningSet, stored: storedMaterial({ settings: '{' }) }),
    ],
  ])('is not checked if %s', (_, before) => {
    expect(refusal(before, { 'route-tls-secret': 'a', 'client-verify': 'verify' })).toBeUndefined();
  });
});

describe('a command for a running cluster', () => {
  const target = { name: 'nats', namespace: 'messaging', command: 'rotate' };

  test('reads the StatefulSet and the stored settings', () => {
    const { statefulSet, settings } = requireDeployed(deployedWith({ replicas: '5' }), target);
    expect([statefulSet, settings]).toEqual([runningSet, '{"replicas":"5"}']);
  });

  test.each<[string, LiveState]>([
    ['nothing runs', { ...deployedWith({}), statefulSet: undefined }],
    ['this action did not deploy it', liveState({ statefulSet: runningSet })],
  ])('is refused if %s', (_, live) => {
    expect(() => requireDeployed(live, target)).toThrow(
      expect.objectContaining({ code: 'CHANGE_FORBIDDEN', reason: 'NotDeployed' }),
    );
  });
});

describe('a cluster whose stored settings are lost', () => {
  const lost = (desiredReplicas: number, volumeClaimTemplates: readonly object[] = [{}]): LiveState => {
    const metadata = { name: 'nats', namespace: 'n', uid: 'u', resourceVersion: '1' };
    const set = decodeObject({ apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec: { volumeClaimTemplates } });
    return liveState({
      statefulSet: { ...runningSet, desiredReplicas },
      objects: new Map([['StatefulSet/nats', set]]),
      stored: storedMaterial({}),
    });
  };

  test.each<[string, LiveState, Given, string | undefined]>([
    ['is known from its StatefulSet to be standalone', lost(1), { ...JETSTREAM, replicas: '3' }, 'StandaloneJetStream'],
    ['is known from its StatefulSet to be clustered', lost(3), { ...JETSTREAM, replicas: '1' }, 'StandaloneJetStream'],
    ['may grow if its StatefulSet is clustered', lost(3), { ...JETSTREAM, replicas: '5' }, undefined],
    ['may change its shape if its StatefulSet has no volumes', lost(1, []), { ...JETSTREAM, replicas: '3' }, undefined],
    ['may shrink to one server without streams', lost(3), { replicas: '1' }, undefined],
  ])('%s', (_, live, given, reason) => {
    expect(refusal(live, given)?.reason).toBe(reason);
  });
});

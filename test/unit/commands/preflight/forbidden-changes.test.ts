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
    ['a Secret is adopted', {}, { 'server-tls-secret': 'a' }, 'server-tls-secret', 'CertificateSourceInUse'],
    ['an adopted Secret is left', { 'server-tls-secret': 'a' }, {}, 'server-tls-secret', 'CertificateSourceInUse'],
    [
      'another Secret is adopted',
      { 'route-tls-secret': 'a' },
      { 'route-tls-secret': 'b' },
      'route-tls-secret',
      'CertificateSourceInUse',
    ],
    [
      'clients are to be mapped',
      { 'client-verify': 'verify' },
      { 'client-verify': 'verify-and-map' },
      'client-verify',
      'CutsOffClients',
    ],
    ['clients are no longer mapped', { 'client-verify': 'verify-and-map' }, {}, 'client-verify', 'CutsOffClients'],
    ['JetStream is turned on', {}, JETSTREAM, 'jetstream', 'JetStreamInUse'],
    ['JetStream is turned off', JETSTREAM, {}, 'jetstream', 'JetStreamInUse'],
    [
      'volumes are to be larger',
      JETSTREAM,
      { ...JETSTREAM, 'jetstream-storage': '20Gi' },
      'jetstream-storage',
      'VolumeInUse',
    ],
    ['volumes are to go', JETSTREAM, { ...MEMORY, 'jetstream-memory': '1Gi' }, 'jetstream-storage', 'VolumeInUse'],
    [
      'volumes are to be of another class',
      JETSTREAM,
      { ...JETSTREAM, 'jetstream-storage-class': 'fast' },
      'jetstream-storage-class',
      'VolumeInUse',
    ],
    [
      'streams in memory get less',
      MEMORY,
      { ...MEMORY, 'jetstream-memory': '1Mi' },
      'jetstream-memory',
      'NeedsRestart',
    ],
    [
      'a server with streams is to be a cluster',
      { ...JETSTREAM, replicas: '1' },
      JETSTREAM,
      'replicas',
      'StandaloneJetStream',
    ],
    [
      'a cluster with streams is to be one server',
      JETSTREAM,
      { ...JETSTREAM, replicas: '1' },
      'replicas',
      'StandaloneJetStream',
    ],
    ['clients need certificates', {}, { 'client-verify': 'verify' }, 'client-verify', 'CutsOffClients'],
  ])('is refused when %s', (_, before, given, input, reason) => {
    expect(refusal(deployedWith(before), given)).toMatchObject({
      reason,
      hint: expect.stringMatching(/\S/),
      details: { problems: [{ object: input, reason, message: expect.stringContaining(input) }] },
    });
  });

  test('consent to an outage allows what only cuts clients off, not what servers cannot take', () => {
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

  test('is refused when servers with streams are to be of an older minor release', () => {
    const given = { ...JETSTREAM, image: 'nats:2.12.15' };
    expect(refusal(onImage('nats:2.15.2'), given)).toMatchObject({
      reason: 'Downgrade',
      details: { problems: [{ object: 'image', message: expect.stringContaining('nats:2.15.2') }] },
    });
  });

  test.each<[string, LiveState, Given]>([
    ['an older patch release', onImage('nats:2.15.2'), { ...JETSTREAM, image: 'nats:2.15.1-alpine' }],
    ['a newer release', onImage('nats:2.12.15'), { ...JETSTREAM, image: 'registry.example/nats:2.15.2' }],
    ['an older one without streams', onImage('nats:2.15.2', {}), { image: 'nats:2.12.15' }],
    ['an image that names no release', onImage('nats:2.15.2'), { ...JETSTREAM, image: 'nats:latest' }],
    [
      'the release before one that was never proved',
      { ...onImage('nats:2.12.15'), image: 'nats:2.15.2' },
      { ...JETSTREAM, image: 'nats:2.12.15' },
    ],
  ])('of release is taken: %s', (_, before, given) => {
    expect(refusal(before, given)).toBeUndefined();
  });

  test('is refused with how the volumes of this deployment alone are deleted', () => {
    const { hint } =
      refusal(deployedWith(JETSTREAM), { ...JETSTREAM, name: 'orders', 'jetstream-storage': '1Gi' }) ?? {};
    expect(hint).toContain('command: delete, name: orders, allow: delete-volumes');
  });

  test('is refused with everything that is wrong with it', () => {
    const given = { 'route-tls-secret': 'b', 'client-verify': 'verify' };
    const problems = refusal(deployedWith({}), given)?.details.problems.map(({ object }) => object);
    expect(problems).toEqual(['route-tls-secret', 'client-verify']);
  });

  test.each<[string, Given, Given]>([
    ['nothing', { 'server-tls-secret': 'a' }, { 'server-tls-secret': 'a' }],
    ['certificates being asked for no longer', { 'client-verify': 'verify' }, {}],
    [
      'the same JetStream',
      { ...JETSTREAM, 'jetstream-storage': '1Gi' },
      { ...JETSTREAM, 'jetstream-storage': '1024Mi' },
    ],
    ['volumes where there were none', MEMORY, { ...MEMORY, 'jetstream-storage': '1Gi' }],
    ['more servers with JetStream', JETSTREAM, { ...JETSTREAM, replicas: '5' }],
    ['fewer servers with JetStream', { ...JETSTREAM, replicas: '5' }, { ...JETSTREAM, replicas: '2' }],
    ['more memory for streams', JETSTREAM, { ...JETSTREAM, 'jetstream-memory': '1Gi' }],
    ['any other input', {}, { replicas: '5', debug: 'true', 'key-algorithm': 'ed25519', 'client-certificates': 'a' }],
  ])('is taken: %s', (_, before, given) => {
    expect(refusal(deployedWith(before), given)).toBeUndefined();
  });

  const VOLUMES = { ...MEMORY, 'jetstream-storage': '1Gi', 'jetstream-storage-class': 'slow' } as const;
  const left = pod('nats-1', { [ORPHANED_ANNOTATION]: 'true' }, { running: {} });
  const waiting = pod('nats-0', {}, { waiting: { reason: 'ContainerCreating' } });

  test.each<[string, LiveState]>([
    ['none has run on one', { ...deployedWith(VOLUMES), pods: [waiting, left] }],
    ['the StatefulSet is yet to follow', { ...deployedWith(VOLUMES), statefulSet: undefined, pods: [left] }],
  ])('is taken: other volumes, or none, while servers are to get some and %s', (_, before) => {
    expect(refusal(before, MEMORY)).toBeUndefined();
    expect(refusal(before, { ...VOLUMES, 'jetstream-storage-class': 'fast' })).toBeUndefined();
    expect(refusal(before, { ...VOLUMES, replicas: '1' })?.reason).toBe('StandaloneJetStream');
    expect(() => requireSameVolumes(parseDeployInputs(raw(MEMORY)), before)).not.toThrow();
  });

  test.each<[string, LiveState]>([
    ['one runs on one', { ...deployedWith(VOLUMES), pods: [pod('nats-0', {}, { running: {} }), left] }],
    ['one has run on one', { ...deployedWith(VOLUMES), pods: [pod('nats-0', {}, { waiting: {} }, 1), left] }],
    ['all do', { ...deployedWith(VOLUMES), pods: [] }],
  ])('is refused: other volumes, or none, once servers have some and %s', (_, before) => {
    expect(refusal(before, MEMORY)?.reason).toBe('VolumeInUse');
    expect(refusal(before, { ...VOLUMES, 'jetstream-storage-class': 'fast' })?.reason).toBe('VolumeInUse');
    expect(() => requireSameVolumes(parseDeployInputs(raw(MEMORY)), before)).toThrow(
      expect.objectContaining({ code: 'CHANGE_FORBIDDEN', reason: 'VolumeInUse' }),
    );
  });

  test.each<[string, LiveState]>([
    ['nothing runs', { ...deployedWith({}), statefulSet: undefined }],
    ['it was deployed before settings were kept', liveState({ statefulSet: runningSet })],
    ['its settings are garbage', liveState({ statefulSet: runningSet, stored: storedMaterial({ settings: '{' }) })],
  ])('is not judged when %s', (_, before) => {
    expect(refusal(before, { 'route-tls-secret': 'a', 'client-verify': 'verify' })).toBeUndefined();
  });
});

describe('a command that goes on from a deployment', () => {
  const target = { name: 'nats', namespace: 'messaging', command: 'rotate' };

  test('gets what it left', () => {
    const { statefulSet, settings } = requireDeployed(deployedWith({ replicas: '5' }), target);
    expect([statefulSet, settings]).toEqual([runningSet, '{"replicas":"5"}']);
  });

  test.each<[string, LiveState]>([
    ['nothing runs', { ...deployedWith({}), statefulSet: undefined }],
    ['what runs was not deployed by this Action', liveState({ statefulSet: runningSet })],
  ])('is refused when %s', (_, live) => {
    expect(() => requireDeployed(live, target)).toThrow(
      expect.objectContaining({ code: 'CHANGE_FORBIDDEN', reason: 'NotDeployed' }),
    );
  });
});

describe('where the settings of a deployment are lost, its StatefulSet tells', () => {
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
    ['that its server stood alone', lost(1), { ...JETSTREAM, replicas: '3' }, 'StandaloneJetStream'],
    ['that it was a cluster', lost(3), { ...JETSTREAM, replicas: '1' }, 'StandaloneJetStream'],
    ['that it was a cluster as well', lost(3), { ...JETSTREAM, replicas: '5' }, undefined],
    ['that there is no volume', lost(1, []), { ...JETSTREAM, replicas: '3' }, undefined],
    ['nothing that concerns servers without streams', lost(3), { replicas: '1' }, undefined],
  ])('%s', (_, live, given, reason) => {
    expect(refusal(live, given)?.reason).toBe(reason);
  });
});

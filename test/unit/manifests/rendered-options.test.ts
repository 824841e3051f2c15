import { describe, expect, test } from '@jest/globals';
import { HELM, MANAGER_LABEL, RENDERED_ANNOTATION } from '../../../src/cluster/names.ts';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { buildCertManagerManifests } from '../../../src/manifests/cert-manager.ts';
import { buildCheckingPod } from '../../../src/manifests/checking-pod.ts';
import { buildMetadata, keepHelmManager } from '../../../src/manifests/metadata.ts';
import { buildPodTemplate, needsRestart, RESTART_ANNOTATION } from '../../../src/manifests/pod-template.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

const streams = { memoryBytes: 1 };
const volume = { size: '1Gi', bytes: 2 ** 30 };
const needs = {
  listeners: [],
  poolSize: undefined,
  pinnedAccounts: [],
  joinsClusters: false,
  restartDigest: 'abc',
  resolverDirectory: undefined,
};

describe('a server must restart', () => {
  const verify = { 'nats-cluster-action/client-verify': 'verify-and-map' };
  const digest = { [RESTART_ANNOTATION]: 'abc' };
  test.each<[string, Partial<ClusterSpec>, Readonly<Record<string, string>>, boolean]>([
    ['if the digest is another', { configuration: needs }, { [RESTART_ANNOTATION]: 'old' }, true],
    ['if it has no digest yet', { configuration: needs }, {}, true],
    ['if its digest is obsolete', {}, digest, true],
    ['if it does not take users from certificates yet', { clientVerify: 'verify-and-map' }, {}, true],
    ['if only one of both settings differs', { configuration: needs }, { ...digest, ...verify }, true],
    [
      'unless both settings are the same',
      { configuration: needs, clientVerify: 'verify-and-map' },
      { ...digest, ...verify },
      false,
    ],
    ['unless neither is set, whatever else is', { clientVerify: 'none' }, { other: 'x' }, false],
  ])('%s', (_, overrides, annotations, isNeeded) => {
    expect(needsRestart(clusterSpec(overrides), annotations)).toBe(isNeeded);
  });
});

test.each<[string, Partial<ClusterSpec>, object, readonly string[]]>([
  ['without streams', {}, { failureThreshold: 600 }, ['configuration', 'pid']],
  ['with streams in memory', { jetstream: streams }, { failureThreshold: 3600 }, ['configuration', 'pid', 'jetstream']],
  ['with a volume', { jetstream: { ...streams, volume } }, { failureThreshold: 3600 }, ['configuration', 'pid']],
])('the pods of a cluster %s have the volumes and the patience that it needs', (_, overrides, startupProbe, names) => {
  const { containers, volumes, securityContext } = buildPodTemplate(
    clusterSpec({ metrics: true, ...overrides }),
    0,
  ).spec;
  const [server, exporter] = containers;
  expect(server).toMatchObject({ startupProbe });
  expect(volumes.map(({ name }) => name)).toEqual(names);
  expect(exporter?.args.includes('-jsz=all')).toBe(overrides.jetstream !== undefined);
  expect('fsGroupChangePolicy' in securityContext).toBe(overrides.jetstream?.volume !== undefined);
});

test.each<[string, ClusterSpec['securityContext'], number]>([
  ['their group', 'restricted', 0o440],
  ['any user that the platform chooses', 'platform', 0o444],
])('the files of the servers are readable for %s', (_, securityContext, mode) => {
  const [configuration] = buildPodTemplate(clusterSpec({ securityContext }), 0).spec.volumes;
  expect(configuration).toMatchObject({ projected: { defaultMode: mode } });
});

test.each<[string, readonly string[], boolean]>([
  ['has pull secrets if some are named', ['a', 'b'], true],
  ['has no pull secrets otherwise', [], false],
])('a pod %s', (_, imagePullSecrets, isPresent) => {
  const { spec } = buildPodTemplate(clusterSpec({ imagePullSecrets }), 0);
  expect('imagePullSecrets' in spec).toBe(isPresent);
});

test.each<[string, Partial<ClusterSpec>, number]>([
  ['no folder for streams without JetStream', {}, 0],
  ['one folder for streams in memory', { jetstream: streams }, 1],
  ['one folder in place of the volume', { jetstream: { ...streams, volume } }, 1],
])('the pod that checks a configuration has %s, and the variables of the server', (_, overrides, count) => {
  const checking = { name: 'check', as: 'nats-0', owner: { name: 'nats', uid: 'u' } };
  const { spec } = buildCheckingPod(clusterSpec(overrides), checking);
  expect(JSON.stringify(spec.volumes).split('"name":"jetstream"')).toHaveLength(count + 1);
  expect(JSON.stringify(spec.containers[0]?.['env'])).toMatch(/"POD_NAME","value":"nats-0".*"SERVER_NAME"/);
});

describe('the manager of an object', () => {
  const manifest = { metadata: buildMetadata({ name: 'nats', namespace: 'n' }, 'nats') };
  const helm = { [MANAGER_LABEL]: HELM };
  test.each([
    [
      'stays Helm for an object of a rendered chart',
      { labels: helm, annotations: { [RENDERED_ANNOTATION]: 'x' } },
      true,
    ],
    ['is not Helm without a rendering', { labels: helm, annotations: {} }, false],
    ['is not Helm after a takeover', { labels: {}, annotations: { [RENDERED_ANNOTATION]: 'x' } }, false],
    ['is not Helm for a new object', undefined, false],
  ])('%s', (_, live, isHelm) => {
    expect(keepHelmManager(manifest, live).metadata.labels[MANAGER_LABEL] === HELM).toBe(isHelm);
  });
});

describe('the resources of cert-manager', () => {
  const terms = { certificateValidityMs: 3_600_001, caValidityMs: 7_200_000, renewBeforeMs: 3_599_001 };
  const built = (isCaGiven: boolean, overrides: Partial<ClusterSpec> = {}) =>
    buildCertManagerManifests(clusterSpec(overrides), { ...terms, isCaGiven });
  const listOf = (...given: Parameters<typeof built>) =>
    built(...given).map(({ kind, metadata }) => `${kind} ${metadata.name}`);

  test('make no CA for clients if the user provides it', () => {
    expect(listOf(true)).toEqual(listOf(false).filter((one) => one !== 'Certificate nats-client-ca'));
  });

  test('make nothing that signs itself if no CA is made', () => {
    expect(listOf(true, { routeTlsSecret: 'a' })).toEqual(['Issuer nats-client-ca', 'Certificate nats-server-tls']);
  });

  test('state durations in whole hours or in seconds, and addresses only if there are some', () => {
    const specs = built(false).flatMap((one) => (one.kind === 'Certificate' ? [one.spec] : []));
    const route = specs.find(({ secretName }) => secretName === 'nats-route-tls');
    expect(route).toMatchObject({ duration: '3601s', renewBefore: '1h' });
    expect(route).not.toHaveProperty('ipAddresses');
    expect(specs.find(({ isCA }) => isCA)).toMatchObject({ duration: '2h' });
  });
});

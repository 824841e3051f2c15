import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { objectLabels, selectorLabels } from '../../../src/cluster/names.ts';
import { serverFiles } from '../../../src/cluster/server-files.ts';
import type { AntiAffinity, ClusterSpec } from '../../../src/cluster/spec.ts';
import { LAME_DUCK_DURATION_SECONDS } from '../../../src/cluster/spec.ts';
import { buildStatefulSet, INITIAL_ROLLOUT } from '../../../src/manifests/manifests.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

const bodyOf = (overrides: Partial<ClusterSpec> = {}) => buildStatefulSet(clusterSpec(overrides), INITIAL_ROLLOUT).spec;
const podOf = (overrides: Partial<ClusterSpec> = {}) => bodyOf(overrides).template.spec;
const containerOf = (overrides: Partial<ClusterSpec> = {}) => podOf(overrides).containers[0];

function environmentOf(overrides: Partial<ClusterSpec> = {}): Record<string, string | undefined> {
  return Object.fromEntries(containerOf(overrides).env.map(({ name, value }) => [name, value]));
}

describe('the StatefulSet of the servers', () => {
  test('starts all servers at once, under the headless Service', () => {
    expect(bodyOf()).toMatchObject({ podManagementPolicy: 'Parallel', serviceName: 'nats-headless', replicas: 3 });
  });

  test('selects the labels of its pods', () => {
    const { selector, template } = bodyOf();
    expect(selector.matchLabels).toEqual(selectorLabels('nats'));
    expect(template.metadata.labels).toMatchObject(selectorLabels('nats'));
  });

  test('has the given pull secrets, and none by default', () => {
    expect(podOf({ imagePullSecrets: ['ghcr', 'mirror'] })).toMatchObject({
      imagePullSecrets: [{ name: 'ghcr' }, { name: 'mirror' }],
    });
    expect(podOf()).not.toHaveProperty('imagePullSecrets');
  });

  test('keeps its pod template unchanged when scaling', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), (replicas) => {
        expect(JSON.stringify(bodyOf({ replicas }).template)).toBe(JSON.stringify(bodyOf().template));
      }),
    );
  });

  test.each<[string, Partial<ClusterSpec>]>([
    ['logging', { logging: { debug: true, trace: true, logtime: false } }],
    ['limits', { limits: { maxConnections: 100 } }],
    ['key algorithm', { keyAlgorithm: 'ed25519' }],
    ['names of the certificate', { subjectAltNames: { dnsNames: ['a.example'], ipAddresses: [] } }],
    ['users', { clientUser: 'b', routeUser: 'c' }],
  ])('keeps its pod template unchanged for a change that a reload applies: %s', (_, overrides) => {
    expect(JSON.stringify(bodyOf(overrides).template)).toBe(JSON.stringify(bodyOf().template));
  });

  test.each<[string, Partial<ClusterSpec>]>([
    ['image', { image: 'nats:2.12.0' }],
    ['pull secrets', { imagePullSecrets: ['registry'] }],
    ['anti-affinity', { antiAffinity: 'preferred' }],
    ['resources', { resources: { limits: { cpu: '1' } } }],
    ['security context', { securityContext: 'platform' }],
  ])('changes its pod template for a change that needs a restart: %s', (_, overrides) => {
    expect(JSON.stringify(bodyOf(overrides).template)).not.toBe(JSON.stringify(bodyOf().template));
  });

  test('has a partition and its own configuration Secret in a rolling change', () => {
    const { updateStrategy, template } = buildStatefulSet(clusterSpec(), { partition: 3, generation: 7 }).spec;
    expect(updateStrategy).toEqual({ type: 'RollingUpdate', rollingUpdate: { partition: 3 } });
    const { updateStrategy: open } = buildStatefulSet(clusterSpec(), { partition: 'on-delete', generation: 0 }).spec;
    expect(open).toEqual({ type: 'OnDelete' });
    expect(template.spec.volumes[0].projected.sources[0]).toEqual({ secret: { name: 'nats-config-7' } });
  });
});

describe('a StatefulSet with JetStream', () => {
  const volume = { size: '1Gi', bytes: 2 ** 30, storageClass: 'fast' };
  const jetstream = { volume, memoryBytes: 0 };
  const mount = { name: 'jetstream', mountPath: '/data' };

  test('has a volume for each server, which remains after deletion, and stores streams on it', () => {
    const { volumeClaimTemplates, persistentVolumeClaimRetentionPolicy: kept } = bodyOf({ jetstream });
    expect(volumeClaimTemplates).toMatchObject([
      {
        metadata: { name: 'jetstream', labels: objectLabels('nats') },
        spec: {
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Gi' } },
          storageClassName: 'fast',
        },
      },
    ]);
    expect(kept).toEqual({ whenDeleted: 'Retain', whenScaled: 'Retain' });
    expect(containerOf({ jetstream }).volumeMounts).toContainEqual(mount);
    expect(podOf({ jetstream }).volumes).toHaveLength(2);
    expect(serverFiles.streams.startsWith(`${mount.mountPath}/`)).toBe(true);
  });

  test('leaves the storage class to Kubernetes if none is given', () => {
    const { storageClass: _, ...plain } = volume;
    const claims = JSON.stringify(bodyOf({ jetstream: { ...jetstream, volume: plain } }).volumeClaimTemplates);
    expect(claims).not.toContain('storageClassName');
  });

  test('uses an emptyDir if streams are only in memory', () => {
    const alone = { jetstream: { memoryBytes: 1 } };
    expect(bodyOf(alone)).not.toHaveProperty('volumeClaimTemplates');
    expect(podOf(alone).volumes).toContainEqual({ name: 'jetstream', emptyDir: {} });
    expect(containerOf(alone).volumeMounts).toContainEqual(mount);
  });

  test('has a startup probe that waits up to an hour for streams to catch up', () => {
    const { startupProbe, readinessProbe, livenessProbe } = containerOf({ jetstream });
    expect(startupProbe.httpGet.path).toBe('/healthz');
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBe(3600);
    const plain = containerOf();
    expect([readinessProbe, livenessProbe]).toEqual([plain.readinessProbe, plain.livenessProbe]);
  });

  test('changes the owner of a volume only if it differs', () => {
    expect(podOf({ jetstream }).securityContext).toMatchObject({ fsGroupChangePolicy: 'OnRootMismatch' });
    expect(podOf().securityContext).not.toHaveProperty('fsGroupChangePolicy');
  });

  test('is not assumed without the input', () => {
    expect(JSON.stringify(bodyOf())).not.toMatch(/jetstream"|\/data/);
  });
});

describe('the security context of pods', () => {
  test.each(['restricted', 'platform'] as const)(
    'meets the PodSecurity profile restricted with %s',
    (securityContext) => {
      expect(podOf({ securityContext }).securityContext).toMatchObject({
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      expect(containerOf({ securityContext }).securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    },
  );

  test('has a user that is not root with restricted, and its group may read the files', () => {
    expect(podOf().securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 });
    expect(podOf().volumes[0].projected.defaultMode).toBe(0o440);
  });

  test('leaves the user to the cluster with platform, and any user may read the files', () => {
    const { securityContext, volumes } = podOf({ securityContext: 'platform' });
    expect(Object.keys(securityContext).toSorted()).toEqual(['runAsNonRoot', 'seccompProfile']);
    expect(volumes[0].projected.defaultMode).toBe(0o444);
  });

  test('gives servers no API token and no variables of other Services', () => {
    expect(podOf()).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
  });

  test('prevents service meshes from injecting a sidecar', () => {
    const { labels, annotations } = bodyOf().template.metadata;
    expect(labels).toMatchObject({ 'sidecar.istio.io/inject': 'false' });
    expect(annotations).toEqual({ 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' });
  });
});

describe('the placement of servers', () => {
  const term = { labelSelector: { matchLabels: selectorLabels('nats') }, topologyKey: 'kubernetes.io/hostname' };

  test.each<[AntiAffinity, unknown]>([
    ['required', { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }],
    [
      'preferred',
      {
        podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] },
      },
    ],
    ['none', undefined],
  ])('has the anti-affinity of %s', (antiAffinity, affinity) => {
    expect(Reflect.get(podOf({ antiAffinity }), 'affinity')).toEqual(affinity);
  });

  test('spreads over zones if possible', () => {
    expect(podOf()).toMatchObject({
      topologySpreadConstraints: [
        { topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', maxSkew: 1 },
      ],
    });
    expect(podOf({ antiAffinity: 'none' })).not.toHaveProperty('topologySpreadConstraints');
  });
});

describe('the server container', () => {
  test('gets the differences between servers as variables, with quotes in the values', () => {
    expect(environmentOf()).toEqual({
      POD_NAME: undefined,
      SERVER_NAME: '"$(POD_NAME)"',
      CLIENT_ADVERTISE: '"$(POD_NAME).messaging.svc:4222"',
      ROUTE_ADVERTISE: '"$(POD_NAME).messaging.svc:6222"',
      ROUTE_CERT: '"/etc/nats/route-$(POD_NAME).crt"',
      ROUTE_KEY: '"/etc/nats/route-$(POD_NAME).key"',
    });
  });

  test('defines the pod name before the variables that refer to it', () => {
    expect(containerOf().env[0]).toEqual({
      name: 'POD_NAME',
      valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } },
    });
  });

  test.each([
    ['512Mi', '483183820'],
    ['1G', '900000000'],
    ['1e9', '900000000'],
  ])('sets GOMEMLIMIT 10 %% below a memory limit of %s', (memory, expected) => {
    expect(environmentOf({ resources: { limits: { memory } } })).toMatchObject({ GOMEMLIMIT: expected });
  });

  test('has no GOMEMLIMIT without a memory limit', () => {
    expect(environmentOf({ resources: { limits: { cpu: '1' } } })).not.toHaveProperty('GOMEMLIMIT');
  });

  test('refuses an invalid memory limit, and names the input', () => {
    expect(() => containerOf({ resources: { limits: { memory: 'lots' } } })).toThrow(
      expect.objectContaining({
        code: 'INPUT_INVALID',
        details: { violations: [expect.objectContaining({ input: 'resources' })] },
      }),
    );
  });

  test('has the given resources unchanged', () => {
    const resources = { requests: { cpu: '250m' }, limits: { memory: '64Mi' } };
    expect(containerOf({ resources }).resources).toEqual(resources);
  });

  test('has a preStop hook with the pid file that the server writes to a writable volume', () => {
    const { args, lifecycle, command, volumeMounts } = containerOf();
    expect(args).toEqual(['--config', serverFiles.configuration, '--pid', serverFiles.pid]);
    expect(lifecycle.preStop.exec.command).toEqual([...command, '--signal', `ldm=${serverFiles.pid}`]);
    expect(serverFiles.pid.startsWith(`${volumeMounts[1].mountPath}/`)).toBe(true);
    expect(podOf().volumes[1]).toEqual({ name: volumeMounts[1].name, emptyDir: {} });
  });

  test('has a termination grace period of the lame duck mode and 20 s more', () => {
    expect(podOf().terminationGracePeriodSeconds).toBeGreaterThanOrEqual(LAME_DUCK_DURATION_SECONDS + 20);
  });

  test('may take ten minutes to start, and is checked every second', () => {
    const { periodSeconds, failureThreshold, httpGet } = containerOf().startupProbe;
    expect(periodSeconds).toBe(1);
    expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(600);
    expect(httpGet.path).toBe('/healthz?js-server-only=true');
  });

  test('is restarted only after more than a minute without a response', () => {
    const { periodSeconds, failureThreshold } = containerOf().livenessProbe;
    expect(periodSeconds * failureThreshold).toBeGreaterThan(60);
  });

  test('has every file of the configuration in the projected volume', () => {
    const { sources } = podOf().volumes[0].projected;
    const paths = sources
      .flatMap((source) => ('items' in source.secret ? source.secret.items : []))
      .map(({ path }) => path);
    const files = [serverFiles.serverCertificate, serverFiles.serverKey, serverFiles.clientTrust];
    expect(paths.map((path) => `${containerOf().volumeMounts[0].mountPath}/${path}`)).toEqual(files);
  });
});

import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../src/cluster/spec.ts';
import { requireOverridable } from '../../../src/commands/desired/deployment.ts';
import { type ActionError, hasCode } from '../../../src/errors/action-error.ts';
import { overrideList } from '../../../src/inputs/grammar/overrides.ts';
import { buildManifests, buildServersManifest, INITIAL_ROLLOUT } from '../../../src/manifests/manifests.ts';
import { listOverrideTargets } from '../../../src/manifests/overridden.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { deployInputs } from '../support/deploy-inputs.ts';
import { materialFor } from '../support/material.ts';

function overridesOf(text: string): ClusterSpec['overrides'] {
  const parsed = overrideList.parse(text);
  if (parsed.kind === 'refused') throw new Error(parsed.expected);
  return parsed.value;
}

const pods = (text: string): string => `StatefulSet/servers: {spec: {template: {spec: ${text}}}}`;

function rendered(text: string, more: Partial<ClusterSpec> = {}) {
  const spec = clusterSpec({ ...more, overrides: overridesOf(text) });
  const manifests = buildManifests(spec, materialFor(spec));
  return (kind: string, name: string) => manifests.find((one) => one.kind === kind && one.metadata.name === name);
}

function refusal(text: string): ActionError<'INPUT_INVALID'> {
  try {
    requireOverridable(deployInputs({ overrides: overridesOf(text), networkPolicy: true }), 'messaging');
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return error;
    throw error;
  }
  throw new Error('the overrides were accepted');
}

describe('overrides', () => {
  test('keep the annotations that this action writes on pods, and cannot change them', () => {
    const configuration = {
      listeners: [],
      poolSize: 3,
      pinnedAccounts: [],
      joinsClusters: false,
      restartDigest: 'd',
      resolverDirectory: undefined,
    };
    const noting = { clientVerify: 'verify-and-map', configuration } as const;
    const set = rendered('StatefulSet/servers: {spec: {template: {metadata: {labels: {a: b}}}}}', noting);
    expect(JSON.stringify(set('StatefulSet', 'nats'))).toContain('nats-cluster-action/client-verify');
    const mark = '{nats-cluster-action/client-verify: none}';
    const change = `StatefulSet/servers: {spec: {template: {metadata: {annotations: ${mark}}}}}`;
    expect(() => rendered(change, noting)).toThrow('nats-cluster-action/client-verify');
  });

  test('leave the manifests unchanged if there are none', () => {
    const spec = clusterSpec();
    const other = clusterSpec({ overrides: overridesOf('Service/headless: {metadata: {labels: {a: b}}}') });
    const [plain, patched] = [spec, other].map((one) =>
      buildManifests(one, materialFor(spec)).map((m) => JSON.stringify(m)),
    );
    expect(plain?.filter((text, index) => text !== patched?.[index])).toHaveLength(1);
  });

  test.each<[string, string, Partial<ClusterSpec>, unknown]>([
    ['nodeSelector', '{nodeSelector: {disk: ssd}}', {}, { nodeSelector: { disk: 'ssd' } }],
    ['imagePullSecrets', '{imagePullSecrets: [{name: r}]}', {}, { imagePullSecrets: [{ name: 'r' }] }],
    [
      'tolerations',
      '{tolerations: [{key: nats, operator: Exists}]}',
      {},
      { tolerations: [{ key: 'nats', operator: 'Exists' }] },
    ],
    [
      'topologySpreadConstraints',
      '{topologySpreadConstraints: [{maxSkew: 1, topologyKey: rack, whenUnsatisfiable: DoNotSchedule}]}',
      { antiAffinity: 'none' },
      { topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' }] },
    ],
    ['priorityClassName', '{priorityClassName: high}', {}, { priorityClassName: 'high' }],
    ['serviceAccountName', '{serviceAccountName: nats}', {}, { serviceAccountName: 'nats' }],
    [
      'terminationGracePeriodSeconds',
      '{terminationGracePeriodSeconds: 120}',
      {},
      { terminationGracePeriodSeconds: 120 },
    ],
    [
      'a sidecar',
      '{containers: [{name: side, image: a/b:1}]}',
      {},
      {
        containers: [
          { name: 'nats', image: 'nats:2.15.2' },
          { name: 'side', image: 'a/b:1' },
        ],
      },
    ],
    [
      'a slower liveness probe',
      '{containers: [{name: nats, livenessProbe: {periodSeconds: 60}}]}',
      {},
      { containers: [{ livenessProbe: { periodSeconds: 60, timeoutSeconds: 5 } }] },
    ],
    [
      'a volume and its mount',
      '{volumes: [{name: s, emptyDir: {}}], containers: [{name: nats, volumeMounts: [{name: s, mountPath: /s}]}]}',
      {},
      {
        volumes: [{ name: 'configuration' }, { name: 'pid' }, { name: 's' }],
        containers: [
          { volumeMounts: [{ mountPath: '/etc/nats' }, { mountPath: '/var/run/nats' }, { mountPath: '/s' }] },
        ],
      },
    ],
  ])('set %s of the pods', (_, patch, more, expected) => {
    expect(rendered(pods(patch), more)('StatefulSet', 'nats')).toMatchObject({
      spec: { template: { spec: expected } },
    });
  });

  test('apply to the StatefulSet in a rollout too', () => {
    const text = pods('{nodeSelector: {disk: ssd}}');
    const spec = clusterSpec({ overrides: overridesOf(text) });
    expect(buildServersManifest(spec, INITIAL_ROLLOUT)).toEqual(rendered(text)('StatefulSet', 'nats'));
  });

  test('cannot change the annotations that this action sets on pods', () => {
    const text = 'StatefulSet/servers: {spec: {podManagementPolicy: OrderedReady}}';
    const set = rendered(text, { clientVerify: 'verify-and-map' })('StatefulSet', 'nats');
    expect(set).toMatchObject({ spec: { podManagementPolicy: 'OrderedReady' } });
    const mark = 'nats-cluster-action/client-verify';
    expect(set).toHaveProperty(['spec', 'template', 'metadata', 'annotations', mark], 'verify-and-map');
    for (const value of ['null', 'none']) {
      const taken = `StatefulSet/servers: {spec: {template: {metadata: {annotations: {${mark}: ${value}}}}}}`;
      expect(() => rendered(taken, { clientVerify: 'verify-and-map' })).toThrow(mark);
    }
  });

  test('cannot make servers with JetStream start one after the other', () => {
    const text = 'StatefulSet/servers: {spec: {podManagementPolicy: OrderedReady}}';
    const jetstream = { memoryBytes: 1024 };
    expect(() => rendered(text, { jetstream, replicas: 3 })).toThrow('podManagementPolicy');
    expect(() => rendered(text, { jetstream, replicas: 1 })).not.toThrow();
  });

  test('add labels and annotations', () => {
    const find = rendered(
      'Secret/all: {metadata: {labels: {team: a}}}\nService/pod: {metadata: {annotations: {b: c}}}',
    );
    for (const name of ['nats-config', 'nats-client', 'tls-nats-server']) {
      expect(find('Secret', name)?.metadata.labels).toMatchObject({ team: 'a', 'app.kubernetes.io/name': 'nats' });
    }
    expect(find('Service', 'nats-1')?.metadata).toMatchObject({ annotations: { b: 'c' }, name: 'nats-1' });
    expect(find('Service', 'nats')?.metadata).not.toHaveProperty('annotations');
  });

  test('address one object by name or several by role, a role first, and a later entry wins', () => {
    const label = (key: string, value: string) => `{metadata: {labels: {${key}: ${value}}}}`;
    const named = rendered(`Service/nats-1: ${label('a', 'one')}\nService/all: ${label('b', 'all')}`);
    expect(named('Service', 'nats-0')?.metadata.labels).not.toHaveProperty('a');
    expect(named('Service', 'nats-1')?.metadata.labels).toMatchObject({ a: 'one', b: 'all' });
    const confusing = rendered(`Service/headless: ${label('a', 'x')}`, { name: 'headless' });
    expect(confusing('Service', 'headless')?.metadata.labels).not.toHaveProperty('a');
    expect(confusing('Service', 'headless-headless')?.metadata.labels).toHaveProperty('a');
    const twice = rendered(`Service/pod: ${label('a', 'x')}\nService/nats-0: ${label('a', 'y')}`);
    expect(twice('Service', 'nats-0')?.metadata.labels).toMatchObject({ a: 'y' });
  });

  test.each([
    'Service/client: {spec: {ports: [{name: client, nodePort: 30422}], externalTrafficPolicy: Local}}',
    'Service/client: {spec: {loadBalancerSourceRanges: [10.0.0.0/8]}}',
    'PodDisruptionBudget/servers: {spec: {maxUnavailable: null, minAvailable: 2}}',
    'StatefulSet/servers: {spec: {minReadySeconds: 5, revisionHistoryLimit: 2}}',
    'StatefulSet/nats: {metadata: {labels: {a: b}}}',
    pods('{containers: [{name: nats, resources: {limits: {cpu: 2}}}]}'),
  ])('may set %s', (text) => {
    expect(() => requireOverridable(deployInputs({ overrides: overridesOf(text) }), 'messaging')).not.toThrow();
  });

  test.each([
    ['StatefulSet/server: {spec: {}}', 'StatefulSet/servers'],
    ['Service/nats-3: {spec: {}}', 'Service/pod'],
    ['PodMonitor/servers: {spec: {}}', 'NetworkPolicy/servers'],
    ['Secret/named-client: {}', 'Secret/config'],
  ])('are refused for an unknown object, and the known ones are listed: %s', (text, known) => {
    const [violation] = refusal(text).details.violations;
    expect(violation).toMatchObject({ input: 'overrides', message: expect.stringContaining(known) });
  });

  test.each([
    ['StatefulSet/servers: {spec: {replicas: 5}}', 'spec.replicas'],
    ['StatefulSet/servers: {spec: {replicas: null}}', 'spec.replicas'],
    ['StatefulSet/servers: {spec: null}', 'spec'],
    ['StatefulSet/servers: {spec: {serviceName: other}}', 'spec.serviceName'],
    ['StatefulSet/servers: {spec: {selector: {matchLabels: {a: b}}}}', 'spec.selector.matchLabels.a'],
    ['StatefulSet/servers: {spec: {updateStrategy: {type: OnDelete}}}', 'spec.updateStrategy.type'],
    ['StatefulSet/servers: {spec: {updateStrategy: {rollingUpdate: {maxUnavailable: 3}}}}', 'maxUnavailable'],
    ['StatefulSet/servers: {spec: {ordinals: {start: 1}}}', 'spec.ordinals'],
    ['StatefulSet/servers: {metadata: {labels: {app.kubernetes.io/name: x}}}', 'metadata.labels'],
    ['StatefulSet/servers: {metadata: {annotations: {nats-cluster-action/proved: x}}}', 'metadata.annotations'],
    [
      'StatefulSet/servers: {spec: {template: {metadata: {labels: {app.kubernetes.io/instance: null}}}}}',
      'spec.template.metadata.labels',
    ],
    [pods('{containers: null}'), 'containers'],
    [pods('{containers: [{name: nats, image: other}]}'), 'containers[nats].image'],
    [pods('{containers: [{name: nats, args: [-D]}]}'), 'containers[nats].args'],
    [
      pods('{containers: [{name: nats, args: [--config, /etc/nats/nats.conf, --pid, /var/run/nats/nats.pid, -D]}]}'),
      'args',
    ],
    [pods('{containers: [{name: nats, command: null}]}'), 'containers[nats].command'],
    [pods('{containers: [{name: nats, env: [{name: SERVER_NAME, value: x}]}]}'), 'env[SERVER_NAME]'],
    [pods('{containers: [{name: nats, ports: [{name: client, containerPort: 4223}]}]}'), 'ports[client].containerPort'],
    [pods('{containers: [{name: nats, readinessProbe: {httpGet: {path: /}}}]}'), 'readinessProbe.httpGet.path'],
    [pods('{containers: [{name: nats, readinessProbe: {initialDelaySeconds: 9}}]}'), 'readinessProbe'],
    [pods('{containers: [{name: nats, lifecycle: null}]}'), 'lifecycle'],
    [
      pods('{containers: [{name: nats, volumeMounts: [{mountPath: /etc/nats, subPath: x}]}]}'),
      'volumeMounts[/etc/nats]',
    ],
    [pods('{containers: [{name: nats, volumeMounts: [{name: s, mountPath: /etc/nats/server}]}]}'), '/etc/nats/server'],
    [pods('{containers: [{name: nats, volumeMounts: [{name: s, mountPath: /etc/}]}]}'), '/etc/'],
    [pods('{volumes: [{name: configuration, emptyDir: {sizeLimit: 1Mi}}]}'), 'volumes[configuration]'],
    [pods('{volumes: [{name: configuration, projected: {sources: []}}]}'), 'volumes[configuration]'],
    [pods('{volumes: null}'), 'volumes'],
    [pods('{terminationGracePeriodSeconds: 49}'), 'terminationGracePeriodSeconds'],
    [pods('{terminationGracePeriodSeconds: null}'), 'terminationGracePeriodSeconds'],
    ['Service/client: {spec: {type: LoadBalancer}}', 'spec.type'],
    ['Service/client: {spec: {selector: {a: b}}}', 'spec.selector.a'],
    ['Service/headless: {spec: {publishNotReadyAddresses: false}}', 'publishNotReadyAddresses'],
    ['Service/pod: {spec: {ports: [{name: cluster, port: 1}]}}', 'spec.ports[cluster].port'],
    ['NetworkPolicy/servers: {spec: {ingress: []}}', 'spec.ingress'],
    ['NetworkPolicy/servers: {spec: {podSelector: {matchLabels: {a: b}}}}', 'podSelector'],
    ['Secret/client: {metadata: {labels: {app.kubernetes.io/managed-by: me}}}', 'metadata.labels'],
  ])('cannot change what the action relies on: %s', (text, path) => {
    const { violations } = refusal(text).details;
    expect(violations.length).toBeGreaterThan(0);
    for (const { input, message } of violations) {
      expect([input, message]).toEqual(['overrides', expect.stringContaining(path)]);
    }
  });

  test('can address every object', () => {
    const spec = clusterSpec({ networkPolicy: true, metrics: true, podMonitor: true, clientCertificates: ['orders'] });
    const rendered = buildManifests(spec, materialFor(spec)).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    const targets = listOverrideTargets(spec).map(({ kind, name }) => `${kind}/${name}`);
    expect(targets.toSorted()).toEqual(rendered.toSorted());
    const adopted = { ...spec, serverTlsSecret: 'a', routeTlsSecret: 'b' };
    expect(listOverrideTargets(adopted)).toHaveLength(buildManifests(adopted, materialFor(adopted)).length);
  });

  test('are reported with all violations at once, and with the input to use in place of each', () => {
    const { violations } = refusal(
      'Service/pod: {spec: {selector: {a: b}}}\nStatefulSet/servers: {spec: {replicas: 1}}',
    ).details;
    expect(violations).toHaveLength(2);
    expect(violations[0]?.message).toContain('input `replicas`');
  });
});

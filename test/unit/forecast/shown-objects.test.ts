import { describe, expect, test } from '@jest/globals';
import { type Fields, hideSecrets } from '../../../src/forecast/shown-objects.ts';
import { RESTART_ANNOTATION } from '../../../src/manifests/pod-template.ts';

const METADATA = { name: 'nats', namespace: 'messaging' } as const;

function secret(data: Fields, metadata: Fields = {}): Fields {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { ...METADATA, ...metadata }, type: 'Opaque', data };
}

function service(spec: Fields): Fields {
  return { apiVersion: 'v1', kind: 'Service', metadata: METADATA, spec };
}

function servers({ annotations, ...container }: Fields, partition = 0): Fields {
  const template = { metadata: { annotations }, spec: { containers: [{ name: 'nats', ...container }] } };
  const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition } };
  return { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: METADATA, spec: { updateStrategy, template } };
}

/** Returns the shown parts of an object and of its planned state. */
function shown(before: Fields | undefined, after: Fields | undefined, asked = after ?? before ?? {}, own: Fields = {}) {
  return hideSecrets({ before, after }, { asked, own });
}

describe('the shown part of a Secret', () => {
  test('says for each value whether it is added, kept, changed or removed, and hides the value', () => {
    const { before, after } = shown(
      secret({ stays: 'aHVudGVyMg==', changes: 'b25l', goes: 'dHdv' }),
      secret({ stays: 'aHVudGVyMg==', changes: 'dGhyZWU=', comes: 'Zm91cg==' }),
    );
    expect(before).toMatchObject({ data: { stays: '(secret)', changes: '(secret)', goes: '(removed)' } });
    expect(after).toMatchObject({ data: { stays: '(secret)', changes: '(changed)', comes: '(added)' } });
  });

  test('has added values for a new Secret', () => {
    expect(shown(undefined, secret({ password: 'b25l' })).after).toMatchObject({ data: { password: '(added)' } });
  });

  test('hides annotations too, because kubectl stores all data in one', () => {
    const annotations = { team: 'b25l', 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"b25l"}' };
    const { before, after } = shown(secret({}, { annotations }), secret({}, { annotations }));
    expect([before, after]).toMatchObject([{ metadata: { annotations: { team: '(secret)' } } }, {}]);
    expect(JSON.stringify([before, after])).not.toContain('b25l');
    expect(JSON.stringify([before, after])).not.toContain('last-applied');
  });

  test('contains names', () => {
    expect(shown(undefined, secret({})).after).toMatchObject({ metadata: METADATA, type: 'Opaque' });
  });
});

describe('the shown part of a pod template', () => {
  const variable = (name: string, value: string) => ({ env: [{ name, value }] });

  test.each(['DB_PASSWORD', 'DATABASE_URL', 'PGPWD', 'LOG_LEVEL'])('hides the value of the variable %s', (name) => {
    const { before, after } = shown(servers(variable(name, 'hunter2')), servers(variable(name, 'hunter3')));
    expect(JSON.stringify([before, after])).not.toMatch(/hunter/);
    expect(JSON.stringify(before)).toContain('"(hidden)"');
    expect(JSON.stringify(after)).toContain('"(changed)"');
  });

  test('contains the values of our own variables', () => {
    const key = '"/etc/nats/route-$(POD_NAME).key"';
    expect(JSON.stringify(shown(undefined, servers(variable('ROUTE_KEY', key))).after)).toContain(JSON.stringify(key));
  });

  const CANARY = 'canary-1f7c';
  const free: readonly (readonly [string, Fields])[] = [
    ['an argument', { args: [`--password=${CANARY}`] }],
    ['a command', { command: ['sh', '-c', CANARY] }],
    ['a hook', { lifecycle: { postStart: { exec: { command: [CANARY] } } } }],
    ['a header of a probe', { livenessProbe: { httpGet: { httpHeaders: [{ name: 'type', value: CANARY }] } } }],
    [
      'a header that is named like one of our variables',
      { livenessProbe: { httpGet: { httpHeaders: [{ name: 'ROUTE_KEY', value: CANARY }] } } },
    ],
    ['a text beside the quantities of resources', { resources: { notes: { author: CANARY } } }],
    ['a text in limits that are no resources', { bandwidth: { limits: { author: CANARY } } }],
    ['a path of a probe', { livenessProbe: { httpGet: { path: `/?token=${CANARY}` } } }],
    ['a working directory', { workingDir: CANARY }],
    ['an unknown field', { someday: { kindOf: CANARY } }],
    ['an annotation', { annotations: { 'example.com/type': CANARY } }],
  ];

  test.each(free)('hides %s of another tool, whether it is added, kept, changed or removed', (_, fields) => {
    const [held, other] = [servers(fields), servers(JSON.parse(JSON.stringify(fields).replaceAll(CANARY, 'other')))];
    for (const [before, after] of [
      [undefined, held],
      [held, held],
      [held, other],
      [other, held],
      [held, servers({})],
    ]) {
      const pair = shown(before, after);
      expect(JSON.stringify(pair)).not.toContain(CANARY);
      expect(before === undefined || JSON.stringify(pair.before) !== JSON.stringify(pair.after)).toBe(before !== after);
    }
  });

  test('contains values that this action writes, but not the values that they replace', () => {
    const own = servers({
      args: ['--config', '/etc/nats/nats.conf'],
      annotations: { 'linkerd.io/inject': 'disabled' },
    });
    const before = servers({ args: ['--config', CANARY], annotations: { 'linkerd.io/inject': CANARY } });
    const { after, ...rest } = shown(before, own, own, own);
    expect(after).toEqual(own);
    expect(JSON.stringify(rest)).not.toContain(CANARY);
  });

  test('contains names, enumerated values and quantities', () => {
    const fields = {
      image: 'nats:2.15.2',
      imagePullPolicy: 'Always',
      resources: { requests: { cpu: '500m' }, limits: { memory: '1Gi', 'example.com/gpu': '1' } },
      securityContext: { capabilities: { drop: ['ALL'] } },
      ports: [{ name: 'client', containerPort: 4222, protocol: 'TCP' }],
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    };
    expect(shown(undefined, servers(fields)).after).toEqual(servers(fields));
  });

  test('contains the name of a variable whose value is hidden', () => {
    const { after } = shown(undefined, servers(variable('DB_PASSWORD', CANARY)));
    expect(after).toMatchObject({
      spec: { template: { spec: { containers: [{ env: [{ name: 'DB_PASSWORD', value: '(added)' }] }] } } },
    });
  });

  test('hides labels of other tools', () => {
    const labelled = { ...servers({}), metadata: { ...METADATA, labels: { team: CANARY } } };
    expect(shown(labelled, labelled).after).toMatchObject({ metadata: { labels: { team: '(hidden)' } } });
  });

  test('hides the digest of a configuration, which differs in each plan of a first deployment', () => {
    const annotated = (digest: string) => servers({ annotations: { [RESTART_ANNOTATION]: digest } });
    expect(shown(undefined, annotated('abc'))).toEqual(shown(undefined, annotated('def')));
    const { after } = shown(annotated('abc'), annotated('def'));
    expect(JSON.stringify(after)).toContain(`"${RESTART_ANNOTATION}":"(changed)"`);
  });

  test('contains the final state of a rolling change without its partition', () => {
    expect(shown(servers({}), servers({}, 3)).after).toEqual(shown(servers({}), servers({})).after);
    expect(shown(servers({}, 2), servers({}, 3)).before).toMatchObject({
      spec: { updateStrategy: { rollingUpdate: { partition: 2 } } },
    });
  });
});

describe('the shown part of a Service', () => {
  const asked = service({ type: 'NodePort', ports: [{ name: 'client', port: 4222 }] });
  const answer = (nodePort: number) =>
    service({
      type: 'NodePort',
      clusterIP: '10.0.0.9',
      clusterIPs: ['10.0.0.9'],
      ports: [{ name: 'client', port: 4222, nodePort }],
    });
  const before = service({
    type: 'ClusterIP',
    clusterIP: '10.0.0.9',
    clusterIPs: ['10.0.0.9'],
    ports: [{ name: 'client', port: 4222 }],
  });

  test('leaves out a node port that only the dry run chose, because the next one chooses another', () => {
    const { after } = shown(before, answer(31_111), asked);
    expect(after).toEqual(shown(before, answer(32_222), asked).after);
    expect(after).toMatchObject({ spec: { clusterIP: '10.0.0.9', clusterIPs: ['10.0.0.9'] } });
  });

  test('contains a node port that exists already or was given', () => {
    const { after: kept } = shown(answer(31_111), answer(31_111), asked);
    expect(kept).toMatchObject({ spec: { ports: [{ nodePort: 31_111 }] } });
    const { after: wanted } = shown(before, answer(31_111), answer(31_111));
    expect(wanted).toMatchObject({ spec: { ports: [{ nodePort: 31_111 }] } });
  });
});

test('status, managed fields and our own annotations are not shown', () => {
  const metadata = {
    ...METADATA,
    uid: 'u',
    resourceVersion: '7',
    generation: 3,
    creationTimestamp: '2026-01-01T00:00:00Z',
    managedFields: [{}],
    annotations: { 'nats-cluster-action/proved': 'abc.def' },
  };
  const { before } = shown({ ...service({}), metadata, status: { loadBalancer: {} } }, undefined);
  expect(before).toEqual({ apiVersion: 'v1', kind: 'Service', metadata: METADATA, spec: {} });
});

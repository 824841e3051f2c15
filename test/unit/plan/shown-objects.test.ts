import { describe, expect, test } from '@jest/globals';
import { RESTART_ANNOTATION } from '../../../src/manifests/pod-template.ts';
import { type Fields, shownObjects } from '../../../src/plan/shown-objects.ts';

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

/** What is shown of an object that is, and of what it would become. */
function shown(before: Fields | undefined, after: Fields | undefined, asked: Fields = after ?? before ?? {}) {
  return shownObjects({ before, after }, asked);
}

describe('of a Secret', () => {
  test('each value shows whether it comes, stays, changes or goes, and nothing else', () => {
    const { before, after } = shown(
      secret({ stays: 'aHVudGVyMg==', changes: 'b25l', goes: 'dHdv' }),
      secret({ stays: 'aHVudGVyMg==', changes: 'dGhyZWU=', comes: 'Zm91cg==' }),
    );
    expect(before).toMatchObject({ data: { stays: '(secret)', changes: '(secret)', goes: '(removed)' } });
    expect(after).toMatchObject({ data: { stays: '(secret)', changes: '(changed)', comes: '(added)' } });
  });

  test('a new one holds added values', () => {
    expect(shown(undefined, secret({ password: 'b25l' })).after).toMatchObject({ data: { password: '(added)' } });
  });

  test('annotations are hidden as well, as kubectl writes all of it into one', () => {
    const annotations = { team: 'b25l', 'kubectl.kubernetes.io/last-applied-configuration': '{"data":"b25l"}' };
    const { before, after } = shown(secret({}, { annotations }), secret({}, { annotations }));
    expect([before, after]).toMatchObject([{ metadata: { annotations: { team: '(secret)' } } }, {}]);
    expect(JSON.stringify([before, after])).not.toContain('b25l');
    expect(JSON.stringify([before, after])).not.toContain('last-applied');
  });

  test('names and labels are shown', () => {
    const labels = { team: 'messaging' };
    expect(shown(undefined, secret({}, { labels })).after).toMatchObject({ metadata: { name: 'nats', labels } });
  });
});

describe('of a pod template', () => {
  const variable = (name: string, value: string) => ({ env: [{ name, value }] });

  test.each(['DB_PASSWORD', 'API_KEY', 'GITHUB_TOKEN', 'clientSecret', 'AWS_CREDENTIALS'])(
    'the value of %s is hidden',
    (name) => {
      const { before, after } = shown(servers(variable(name, 'hunter2')), servers(variable(name, 'hunter3')));
      expect(JSON.stringify([before, after])).not.toMatch(/hunter/);
      expect(JSON.stringify(after)).toContain('"(changed)"');
    },
  );

  test.each([
    ['LOG_LEVEL', 'debug'],
    ['ROUTE_KEY', '"/etc/nats/route-$(POD_NAME).key"'],
  ])('the value of %s is shown', (name, value) => {
    expect(JSON.stringify(shown(undefined, servers(variable(name, value))).after)).toContain(JSON.stringify(value));
  });

  test('the digest of a configuration is hidden: that of a first deployment is another one at each look', () => {
    const annotated = (digest: string) => servers({ annotations: { [RESTART_ANNOTATION]: digest } });
    expect(shown(undefined, annotated('abc'))).toEqual(shown(undefined, annotated('def')));
    const { after } = shown(annotated('abc'), annotated('def'));
    expect(JSON.stringify(after)).toContain(`"${RESTART_ANNOTATION}":"(changed)"`);
  });

  test('a rolling change is shown as it ends, not as it is held back', () => {
    expect(shown(servers({}), servers({}, 3)).after).toEqual(shown(servers({}), servers({})).after);
    expect(shown(servers({}, 2), servers({}, 3)).before).toMatchObject({
      spec: { updateStrategy: { rollingUpdate: { partition: 2 } } },
    });
  });
});

describe('of a Service', () => {
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

  test('a port that the dry run drew is not shown, as the next one draws another', () => {
    const { after } = shown(before, answer(31_111), asked);
    expect(after).toEqual(shown(before, answer(32_222), asked).after);
    expect(after).toMatchObject({ spec: { clusterIP: '10.0.0.9', clusterIPs: ['10.0.0.9'] } });
  });

  test('one that is there already, or was asked for, is shown', () => {
    const { after: kept } = shown(answer(31_111), answer(31_111), asked);
    expect(kept).toMatchObject({ spec: { ports: [{ nodePort: 31_111 }] } });
    const { after: wanted } = shown(before, answer(31_111), answer(31_111));
    expect(wanted).toMatchObject({ spec: { ports: [{ nodePort: 31_111 }] } });
  });
});

test('what the API server keeps, and what we note down, is no part of it', () => {
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

import { describe, expect, test } from '@jest/globals';
import {
  findAdmissionChanges,
  findDriftBesidesAdmission,
  renderAdmissionChange,
} from '../../../src/drift/admission.ts';
import { buildStatefulSet, INITIAL_ROLLOUT } from '../../../src/manifests/manifests.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { liveStatefulSet } from '../support/live.ts';

const spec = clusterSpec({
  image: 'nats:2.15.2',
  resources: { requests: { cpu: '0.5', memory: '1024Mi' }, limits: { memory: '2Gi' } },
});
const manifest = buildStatefulSet(spec, INITIAL_ROLLOUT);
const stored = liveStatefulSet(manifest);

/** Returns the stored StatefulSet with one text in it replaced. */
function changed(from: string, to: string): Readonly<Record<string, unknown>> {
  const text = JSON.stringify(stored);
  expect(text).toContain(from);
  const value: unknown = JSON.parse(text.replace(from, to));
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

const image = 'spec.template.spec.containers[nats].image';
const kinds = (answer: Readonly<Record<string, unknown>>) =>
  findAdmissionChanges(manifest, answer).map(
    ({ path, kind, isHarmless }) => `${kind} ${isHarmless ? 'harmless' : 'harmful'} ${path}`,
  );

describe('a change by an admission webhook', () => {
  test('is not found if the API server only added defaults', () => {
    expect(findAdmissionChanges(manifest, stored)).toEqual([]);
  });

  test.each([
    ['uses the image of a mirror', 'docker.io/library/nats:2.15.2', 'harmless'],
    ['pins the image by a digest', `nats:2.15.2@sha256:${'a'.repeat(64)}`, 'harmless'],
    ['pins the image by a digest without its tag', `mirror.example/nats@sha256:${'a'.repeat(64)}`, 'harmless'],
    ['uses another variant of the release', 'nats:2.15.2-alpine', 'harmless'],
    ['uses another release', 'nats:2.14.9', 'harmful'],
    ['uses a tag without a release', 'nats:alpine', 'harmful'],
  ])('that %s (%s) is %s', (_, to, verdict) => {
    expect(kinds(changed('"image":"nats:2.15.2"', `"image":"${to}"`))).toEqual([`changed ${verdict} ${image}`]);
  });

  test.each([
    ['arguments', '"--config"', '"--configuration"', /args\[0\]/],
    ['ports', '"containerPort":6222', '"containerPort":6333', /ports\[cluster\]\.containerPort/],
    ['probes', '"path":"/healthz', '"path":"/other', /Probe/],
    ['resources', '"cpu":"500m"', '"cpu":"250m"', /resources\.requests\.cpu/],
    ['volume mounts', '"readOnly":true', '"readOnly":false', /volumeMounts/],
    ['affinity', '"topologyKey":"kubernetes.io/hostname"', '"topologyKey":"zone"', /affinity|topologySpread/],
    ['the number of servers', '"replicas":3', '"replicas":2', /spec\.replicas/],
    ['the instance label', '"app.kubernetes.io/instance":"nats"', '"app.kubernetes.io/instance":"x"', /instance/],
  ])('that changes %s is harmful', (_, from, to, path) => {
    const [change] = findAdmissionChanges(manifest, changed(from, to));
    expect(change).toMatchObject({ kind: 'changed', isHarmless: false, path: expect.stringMatching(path) });
  });

  test('that changes the pull policy is harmless', () => {
    expect(kinds(changed('"imagePullPolicy":"IfNotPresent"', '"imagePullPolicy":"Always"'))).toEqual([
      'changed harmless spec.template.spec.containers[nats].imagePullPolicy',
    ]);
  });

  test('that adds a container, a volume or a priority class is named', () => {
    const { template } = stored.spec;
    const pod = {
      ...template.spec,
      containers: [...template.spec.containers, { name: 'side', image: 'x' }],
      volumes: [...template.spec.volumes, { name: 'extra' }],
      priorityClassName: 'high',
    };
    const answer = { ...stored, spec: { ...stored.spec, template: { ...template, spec: pod } } };
    expect(kinds(answer)).toEqual([
      'added harmless spec.template.spec.containers[side]',
      'added harmless spec.template.spec.volumes[extra]',
      'added harmless spec.template.spec.priorityClassName',
    ]);
  });

  test('is reported with both values of an image or a resource, and without any other value', () => {
    const sentences = (from: string, to: string) =>
      findAdmissionChanges(manifest, changed(from, to)).map((change) => renderAdmissionChange(change));
    expect(sentences('"image":"nats:2.15.2"', '"image":"nats:2.14.9"')).toEqual([
      `${image} was changed from nats:2.15.2 to nats:2.14.9`,
    ]);
    expect(sentences('"cpu":"500m"', '"cpu":"250m"')).toEqual([
      'spec.template.spec.containers[nats].resources.requests.cpu was changed from 0.5 to 250m',
    ]);
    expect(sentences('"replicas":3', '"replicas":2')).toEqual(['spec.replicas was changed from 3 to 2']);
    expect(sentences('"cpu":"500m",', '')).toEqual([
      'spec.template.spec.containers[nats].resources.requests.cpu was changed',
    ]);
    expect(sentences('"--config"', '"--token=CANARY"').join()).not.toContain('CANARY');
  });
});

describe('the drift of a live object', () => {
  const fields = {
    'f:spec': {
      'f:replicas': {},
      'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"nats"}': { '.': {}, 'f:image': {}, 'f:args': {} } } } },
    },
  };
  const owned = (raw: Readonly<Record<string, unknown>>, operation = 'Apply') => ({
    raw,
    metadata: {
      managedFields: [{ manager: 'us', operation, apiVersion: 'apps/v1', subresource: undefined, fields }],
    },
  });
  const mirrored = changed('"image":"nats:2.15.2"', '"image":"docker.io/library/nats:2.15.2"');

  test('excludes an image name that admission changed', () => {
    expect(findDriftBesidesAdmission(manifest, owned(mirrored), 'us')).toEqual([]);
  });

  test('includes an image name that another manager applied', () => {
    const taken = { raw: mirrored, metadata: { managedFields: [] } };
    expect(findDriftBesidesAdmission(manifest, taken, 'us')).toEqual([{ path: image, kind: 'different' }]);
    expect(findDriftBesidesAdmission(manifest, owned(mirrored, 'Update'), 'us')).toHaveLength(1);
  });

  test('includes an image name that another manager applied while this manager kept other fields', () => {
    const { 'f:template': _, ...rest } = fields['f:spec'];
    const { metadata } = owned(mirrored);
    const managedFields = metadata.managedFields.map((entry) => ({ ...entry, fields: { 'f:spec': rest } }));
    const taken = { raw: mirrored, metadata: { managedFields } };
    expect(findDriftBesidesAdmission(manifest, taken, 'us')).toEqual([{ path: image, kind: 'different' }]);
  });

  test('includes another release, whichever manager wrote it', () => {
    const other = changed('"image":"nats:2.15.2"', '"image":"nats:2.14.9"');
    expect(findDriftBesidesAdmission(manifest, owned(other), 'us')).toEqual([{ path: image, kind: 'different' }]);
  });

  test('is the whole object if the object is missing', () => {
    expect(findDriftBesidesAdmission(manifest, undefined, 'us')).toEqual([{ path: '', kind: 'missing' }]);
  });
});

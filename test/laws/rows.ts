import { EXPORTER_OVERRIDE } from '../support/exporter.ts';
import type { TestNamespace } from '../support/namespace.ts';
import { createPullSecret, PULL_SECRET } from '../support/pull-secret.ts';
import type { Inputs } from './hold-laws.ts';

export type Row = { readonly title: string; readonly inputs: Inputs };

export const row = (title: string, inputs: Inputs): Row => ({ title, inputs });

/** The rows of docs/live-changes.md, each as a change of a running deployment. */
export const CHANGES: readonly Row[] = [
  row('replicas to more', { replicas: '4', 'anti-affinity': 'none' }),
  row('replicas to fewer', { replicas: '2' }),
  row('image-pull-secrets', { 'image-pull-secrets': PULL_SECRET }),
  row('anti-affinity', { 'anti-affinity': 'preferred' }),
  row('resources', { resources: '{requests: {cpu: 60m, memory: 64Mi}}' }),
  row('security-context', { 'security-context': 'platform' }),
  row('overrides of a Service', { overrides: 'Service/client: {metadata: {labels: {team: messaging}}}' }),
  row('overrides of a pod', { overrides: 'StatefulSet/servers: {spec: {template: {metadata: {labels: {a: b}}}}}' }),
  row('overrides with an immutable field', {
    overrides: 'StatefulSet/servers: {spec: {podManagementPolicy: OrderedReady}}',
  }),
  row('service-type', { 'service-type': 'NodePort' }),
  row('network-policy', { 'network-policy': 'true' }),
  row('metrics', { metrics: 'true', overrides: EXPORTER_OVERRIDE }),
  row('jetstream, on with volumes', { jetstream: 'true', 'jetstream-storage': '50Mi' }),
  row('jetstream, on in memory', { jetstream: 'true', 'jetstream-storage': '0', 'jetstream-memory': '64Mi' }),
  row('jetstream, off', { jetstream: 'false', 'jetstream-storage': '', 'jetstream-storage-class': '' }),
  row('jetstream-storage-class', { 'jetstream-storage-class': 'another' }),
  row('jetstream-memory, more', { 'jetstream-memory': '256Mi' }),
  row('client-user', { 'client-user': 'shop' }),
  row('route-user', { 'route-user': 'peers', allow: 'outage' }),
  row('users', { users: '[{user: till, password: of-the-till-1}]' }),
  row('debug', { debug: 'true' }),
  row('trace', { trace: 'true' }),
  row('logtime', { logtime: 'false' }),
  row('max-connections', { 'max-connections': '500' }),
  row('max-connections to too few', { 'max-connections': '1' }),
  row('max-control-line', { 'max-control-line': '8KiB' }),
  row('max-control-line to too short', { 'max-control-line': '64' }),
  row('max-payload', { 'max-payload': '64KB' }),
  row('write-deadline', { 'write-deadline': '7s' }),
  row('key-algorithm', { 'key-algorithm': 'ecdsa-p384' }),
  row('certificate-validity', { 'certificate-validity': '80d' }),
  row('ca-validity', { 'ca-validity': '1000d' }),
  row('renew-before', { 'renew-before': '20d' }),
  row('renew-before, due at once', { 'certificate-validity': '30d', 'renew-before': '21d' }),
  row('ca-overlap', { 'ca-overlap': '5d' }),
  row('subject-alt-names', { 'subject-alt-names': 'nats.example.com' }),
  row('client-verify', { 'client-verify': 'verify', allow: 'outage' }),
  row('client-verify, with login by certificate', {
    'client-verify': 'verify-and-map',
    'client-certificates': 'apps',
    'client-user': 'apps',
    allow: 'outage',
  }),
  row('client-certificates', { 'client-certificates': 'billing' }),
  row('server-tls-secret', { 'server-tls-secret': 'web-tls' }),
  row('route-tls-secret', { 'route-tls-secret': 'peer-tls' }),
  row('files', { files: '{motd.txt: welcome}' }),
];

/** Configurations from the documents and from other tests. */
const CONFIGURATIONS: readonly Row[] = [
  row('ping_max', { config: 'ping_max: 3' }),
  row('max_subscriptions', { config: 'max_subscriptions: 1000' }),
  row('websocket', { config: 'websocket { port: 8080 }' }),
  row('leafnodes', { config: 'leafnodes { port: 7422 }' }),
  row('mqtt', { config: 'mqtt { port: 8883 }' }),
  row('pool_size', { config: 'cluster { pool_size: 5 }' }),
  row('a pinned account', {
    config: 'accounts { A { users: [{user: a, password: "of-a-1"}] } }, cluster { accounts: [A] }',
  }),
  row('an account without JetStream', { config: 'accounts { HR { users: [{user: hr, password: "of-hr-1"}] } }' }),
  row('an account with JetStream', {
    config: 'accounts { HR { jetstream: enabled, users: [{user: hr, password: "of-hr-1"}] } }',
  }),
  row('an account that reserves more than a server has', {
    config:
      'accounts { HR { jetstream: { max_mem: 512M, max_file: 500M }, users: [{user: hr, password: "of-hr-1"}] } }',
  }),
  row('permissions of routes', { config: 'cluster { permissions { import: ">", export: ">" } }' }),
  row('a cluster block', { config: 'cluster { name: mine, listen: "0.0.0.0:6222" }' }),
];

/** A newer release. It comes last, because an older release of JetStream cannot read the store of a newer one. */
export const RELEASE: Row = row('image to a newer release', { image: 'nats:2.15.2' });

export type Base = {
  readonly title: string;
  readonly inputs: Inputs;
  /** True if the base stores streams on volumes. The laws then also count the messages of the streams. */
  readonly hasStreams: boolean;
  readonly rows: readonly Row[];
  /** Creates the objects that the inputs refer to, for example Secrets. */
  readonly prepare: (space: TestNamespace) => Promise<unknown>;
};

export const PASSWORDS: Inputs = { 'client-password': 'of-the-clients-1', 'route-password': 'of-the-routes-1' };

/** Returns the inputs for `replicas` servers of a release, with streams in JetStream or without it. */
export function baseOf(image: string, replicas: number, hasStreams: boolean): Base {
  return {
    title: `${replicas} × ${image}${hasStreams ? ' with JetStream' : ''}`,
    inputs: { image, replicas: String(replicas), ...PASSWORDS },
    hasStreams,
    rows: [...CHANGES, ...CONFIGURATIONS, RELEASE],
    prepare: createPullSecret,
  };
}

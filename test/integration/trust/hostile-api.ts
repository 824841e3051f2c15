import { createServer, type IncomingMessage } from 'node:http';
import { type JsonRecord, recordOf, textOf } from '../../../src/objects/json.ts';

/** The texts of an attacker who may write some objects, or who controls an admission webhook. */
export type Hostility = {
  /** The holder in the Lease of the deployment, whose term has passed. */
  readonly holder?: string;
  /** The expiry in the annotation of a preview's Lease. */
  readonly expires?: string;
  /** Returns the text with which an admission webhook refuses a Secret. */
  readonly refusal?: (data: JsonRecord) => string;
  /** The data of the Secret with the users of the deployment, by key. */
  readonly users?: Readonly<Record<string, string>>;
};

export type HostileApi = {
  /** A kubeconfig with its address, as YAML. */
  readonly kubeconfig: string;
  readonly close: () => Promise<void>;
};

const NAMESPACE = 'messaging';

type Answer = readonly [code: number, body: unknown];

/**
 * Starts a fake API server that permits every request. It has a namespace, some Leases and a Secret. It is fake because
 * the real API server of the tests has no hostile webhook.
 */
export async function startHostileApi(hostility: Hostility): Promise<HostileApi> {
  const answer = answers(hostility);
  const server = createServer((request, response) => {
    const isWatch = new URL(request.url ?? '/', 'http://x').searchParams.get('watch') === 'true';
    bodyOf(request)
      .then((body) => {
        response.setHeader('content-type', 'application/json');
        if (isWatch) {
          response.writeHead(200).flushHeaders();
          return;
        }
        const [code, value] = answer(request, body);
        response.writeHead(code).end(JSON.stringify(value));
      })
      .catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the API server has no port');
  const cluster = { name: 'c', cluster: { server: `http://127.0.0.1:${address.port}` } };
  const user = { name: 'u', user: { token: 'canary-token-of-the-kubeconfig' } };
  const context = { name: 'x', context: { cluster: 'c', user: 'u' } };
  return {
    kubeconfig: JSON.stringify({ clusters: [cluster], users: [user], contexts: [context], 'current-context': 'x' }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<JsonRecord> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const value: unknown = text === '' ? {} : JSON.parse(text);
  return recordOf(value);
}

function answers({
  holder,
  expires,
  refusal,
  users,
}: Hostility): (request: IncomingMessage, body: JsonRecord) => Answer {
  let lease =
    holder === undefined ? undefined : leaseOf('nats-deploy', { holderIdentity: holder, leaseDurationSeconds: 1 });
  const preview = expires === undefined ? undefined : previewOf(expires);
  const leases = (): readonly unknown[] => [lease, preview].filter((one) => one !== undefined);
  return ({ method, url = '/' }, body) => {
    const { pathname: path, searchParams } = new URL(url, 'http://x');
    const [last = ''] = path.split('/').slice(-1);
    if (/selfsubject(?:rules|access)reviews$/.test(path)) return [201, { status: PERMITTED }];
    if (path === `/api/v1/namespaces/${NAMESPACE}`) return [200, objectOf('Namespace', NAMESPACE)];
    if (last === 'leases' && method === 'POST') {
      if (lease !== undefined) return status(409, 'AlreadyExists', 'it exists');
      lease = { ...body, metadata: { ...recordOf(body['metadata']), ...VERSION } };
      return [201, lease];
    }
    if (last === 'nats-deploy' && method === 'PUT')
      return [200, { ...body, metadata: { ...recordOf(body['metadata']), resourceVersion: '2' } }];
    if (last === 'nats-deploy' && method === 'GET' && lease !== undefined) return [200, lease];
    if (last === 'leases') return [200, list(leases())];
    if (last === 'secrets' && searchParams.has('labelSelector'))
      return [200, list(users === undefined ? [] : [secretOf(users)])];
    if (method === 'PATCH' && path.includes('/secrets/') && refusal !== undefined) {
      return status(403, 'Forbidden', refusal(recordOf(body['data'])));
    }
    if (method === 'PATCH' || method === 'DELETE') return [200, objectOf(textOf(body['kind']) ?? 'Pod', last)];
    return method === 'GET' && LISTS.test(last) ? [200, list([])] : status(404, 'NotFound', 'not found');
  };
}

const LISTS = /^(?:secrets|services|pods|nodes|leases|events|persistentvolumeclaims)$/;
const VERSION = { uid: 'u', resourceVersion: '1' };
const RULE = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };
const PERMITTED = { allowed: true, resourceRules: [RULE] };
const OURS = [{ manager: 'nats-cluster-action', operation: 'Apply' }];

function list(items: readonly unknown[]): JsonRecord {
  return { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '9' }, items };
}

function status(code: number, reason: string, message: string): Answer {
  return [code, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, details: {} }];
}

function objectOf(kind: string, name: string): JsonRecord {
  return { kind, apiVersion: 'v1', metadata: { name, namespace: NAMESPACE, ...VERSION }, data: {} };
}

function leaseOf(name: string, spec: JsonRecord): JsonRecord {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: NAMESPACE, ...VERSION },
    spec,
  };
}

function previewOf(expires: string): JsonRecord {
  const labels = {
    'app.kubernetes.io/managed-by': 'nats-cluster-action',
    'nats-cluster-action/preview': 'true',
    'app.kubernetes.io/instance': 'x',
  };
  const annotations = { 'nats-cluster-action/expires': expires };
  const managedFields = [{ manager: 'nats-cluster-action', operation: 'Update' }];
  return {
    metadata: { name: 'x-preview', namespace: 'tenant', ...VERSION, labels, annotations, managedFields },
    spec: {},
  };
}

function secretOf(users: Readonly<Record<string, string>>): JsonRecord {
  const labels = {
    'app.kubernetes.io/name': 'nats',
    'app.kubernetes.io/instance': 'nats',
    'app.kubernetes.io/component': 'server',
    'app.kubernetes.io/managed-by': 'nats-cluster-action',
  };
  const data = Object.fromEntries(
    Object.entries(users).map(([key, text]) => [key, Buffer.from(text).toString('base64')]),
  );
  const metadata = { name: 'nats-system', namespace: NAMESPACE, ...VERSION, labels, managedFields: OURS };
  return { metadata, type: 'Opaque', data };
}

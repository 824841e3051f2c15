import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { KubeConfig } from '@kubernetes/client-node';
import { clusterDirectory } from '../test/cluster/directories.ts';
import { clusterLayout } from '../test/cluster/layout.ts';
import type { TestDeployment } from '../test/support/deployment.ts';

/** The API server writes its log in batches. */
const LOG_DELAY_MS = 2000;

/** One request as recorded in the log of the API server; times in milliseconds since the epoch. */
export type Audited = {
  readonly verb: string;
  readonly resource: string;
  readonly receivedAt: number;
  /** The time of the answer; for a long-running request, such as a watch, the time when the answer began. */
  readonly answeredAt: number;
};

export type AuditLog = {
  /** Returns the current end of the log. */
  readonly mark: () => Promise<number>;
  /** Returns the requests that the user of this deployment has sent since the mark. */
  readonly since: (mark: number, deployment: TestDeployment) => Promise<readonly Audited[]>;
};

/**
 * Returns the audit log of the embedded cluster that this kubeconfig leads to.
 * @throws Error for any other cluster, because only the operator of an API server can read its log.
 */
export async function auditLog(kubeconfig: string): Promise<AuditLog> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const port = new URL(config.getCurrentCluster()?.server ?? '').port;
  const path = await auditPath(Number(port));
  return {
    mark: async () => (await readFile(path)).length,
    since: async (mark, { space }) => {
      await delay(LOG_DELAY_MS);
      const file = await open(path);
      try {
        const { size } = await file.stat();
        const { buffer } = await file.read(Buffer.alloc(size - mark), 0, size - mark, mark);
        return requestsOf(buffer.toString('utf8'), `system:serviceaccount:${space.name}:deployer`);
      } finally {
        await file.close();
      }
    },
  };
}

async function auditPath(port: number): Promise<string> {
  for (const name of await readdir(clusterDirectory(''))) {
    const { state, audit } = clusterLayout(name, '');
    const text = await readFile(state, 'utf8').catch(() => '{}'); // A starting cluster has no state file yet.
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && 'port' in parsed && parsed.port === port) return audit;
  }
  const place = join(clusterDirectory('*'), 'log');
  throw new Error(`no embedded cluster listens on port ${port}; requests are counted from an audit log in ${place}`);
}

/**
 * Parses the requests of one user. The API server logs a long-running request, such as a watch, when it begins and when
 * it ends: the first entry counts.
 */
function requestsOf(text: string, user: string): readonly Audited[] {
  const requests = new Map<string, Audited>();
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const event: unknown = JSON.parse(line);
    if (field(field(event, 'user'), 'username') !== user) continue;
    const about = field(event, 'objectRef');
    const subresource = field(about, 'subresource');
    const resource = String(field(about, 'resource') ?? field(event, 'requestURI'));
    const id = String(field(event, 'auditID'));
    if (requests.has(id)) continue;
    requests.set(id, {
      verb: String(field(event, 'verb')),
      resource: typeof subresource === 'string' ? `${resource}/${subresource}` : resource,
      receivedAt: Date.parse(String(field(event, 'requestReceivedTimestamp'))),
      answeredAt: Date.parse(String(field(event, 'stageTimestamp'))),
    });
  }
  return [...requests.values()];
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

import { makeDeployment } from '../test/support/deployment.ts';
import { type Audited, type AuditLog, auditLog } from './audit.ts';
import { figureOf, type Row, within } from './row.ts';
import { onCluster, VERSION } from './scene.ts';

const SIZES = [1, 3, 5] as const;

const BUDGETS = {
  deploy: { label: 'first deploy', base: 45, perServer: 3 },
  noop: { label: 'deploy with nothing to change', base: 15, perServer: 2 },
} as const;

/** Reads the counts of the API server itself for a deployment, by verb and resource. */
export async function requests(): Promise<readonly Row[]> {
  return await onCluster(async (admin) => {
    const log = await auditLog(admin);
    const rows: Row[] = [];
    for (const servers of SIZES) rows.push(...(await countRequests(admin, log, servers)));
    return rows;
  });
}

async function countRequests(admin: string, log: AuditLog, servers: number): Promise<readonly Row[]> {
  const deployment = await makeDeployment('bench', admin);
  try {
    const rows: Row[] = [];
    for (const kind of ['deploy', 'noop'] as const) {
      const mark = await log.mark();
      const inputs = { image: `nats:${VERSION}`, replicas: String(servers), 'anti-affinity': 'none' };
      await deployment.requireRun(inputs);
      const asked = await log.since(mark, deployment);
      rows.push(rowOf(BUDGETS[kind], servers, asked));
    }
    return rows;
  } finally {
    await deployment.remove();
  }
}

function rowOf(
  { label, base, perServer }: (typeof BUDGETS)[keyof typeof BUDGETS],
  servers: number,
  asked: readonly Audited[],
): Row {
  const most = base + perServer * servers;
  const ours = figureOf([asked.length]);
  const reference = { label: `${base} + ${perServer} per server`, ...figureOf([most]) };
  const groups = Map.groupBy(asked, ({ verb, resource }) => `${verb} ${resource}`);
  const parts = [...groups].map(([name, { length }]) => [name, length] as const);
  const sorted = parts.toSorted(([left, many], [right, more]) => more - many || (left < right ? -1 : 1));
  return {
    label: `${label}, ${servers} ${servers === 1 ? 'server' : 'servers'}`,
    unit: 'requests',
    ours,
    reference,
    ...within(ours, reference, most, 'requests'),
    parts: Object.fromEntries(sorted),
  };
}

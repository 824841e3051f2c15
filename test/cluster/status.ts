import { apiReader, readNodes } from './api.ts';
import type { ExistingCluster } from './existing-cluster.ts';
import { connectCluster } from './running.ts';

/** Prints nodes and programs. Returns the exit code: 0 when everything runs, otherwise 3. */
export async function printStatus(name: string, existing: ExistingCluster | undefined): Promise<number> {
  if (existing !== undefined) {
    return await printNodes(existing.kubeconfig);
  }
  const { layout, supervisor } = await connectCluster(name);
  try {
    const programs = await supervisor.programs();
    const sorted = [...programs].sort((a, b) => a.name.localeCompare(b.name));
    for (const { name, running, code } of sorted) {
      process.stdout.write(`${name.padEnd(28)}${running ? 'running' : `ended with ${code}`}\n`);
    }
    const nodes = await printNodes(layout.kubeconfig);
    process.stdout.write(`kubeconfig: ${layout.kubeconfig}\n`);
    return programs.every(({ running }) => running) ? nodes : 3;
  } finally {
    supervisor.close();
  }
}

async function printNodes(kubeconfig: string): Promise<number> {
  const api = await apiReader(kubeconfig, AbortSignal.timeout(10_000));
  try {
    const nodes = await readNodes(api);
    for (const [node, ready] of nodes) {
      process.stdout.write(`${node.padEnd(28)}${ready ? 'Ready' : 'NotReady'}\n`);
    }
    process.stdout.write(`server: ${api.server}\n`);
    return [...nodes.values()].every(Boolean) ? 0 : 3;
  } finally {
    api.close();
  }
}

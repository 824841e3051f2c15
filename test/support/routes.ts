import type { ClusterFaults } from '../cluster/faults.ts';

const ROUTE_PORT = '6222';

/**
 * Prevents all pods from opening routes to each other, even before the pods have addresses. Port-forwards still work.
 * Returns a function that permits routes again; a second call does nothing.
 */
export async function holdRoutes(faults: ClusterFaults): Promise<() => Promise<void>> {
  const rule = ['FORWARD', '-p', 'tcp', '--dport', ROUTE_PORT, '-j', 'DROP'];
  await iptables(faults, '-I', rule);
  let isHeld = true;
  return async () => {
    if (isHeld) {
      isHeld = false;
      await iptables(faults, '-D', rule);
    }
  };
}

async function iptables(faults: ClusterFaults, action: '-I' | '-D', rule: readonly string[]): Promise<void> {
  const { code, stderr } = await faults.exec(['iptables', '-w', action, ...rule]);
  if (code !== 0) {
    throw new Error(`iptables ${action} ${rule.join(' ')} ended with ${code}: ${stderr}`);
  }
}

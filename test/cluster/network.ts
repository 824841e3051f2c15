import { runCommand } from './command.ts';
import { ADDRESSES } from './layout.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * The fixed address of the bridge. A bridge without its own address takes the lowest address of its ports, so the
 * address changes when pods come and go. Packets that other pods send to the old address are lost until they resolve it
 * again: name look-ups stopped for five seconds.
 */
const BRIDGE_ADDRESS = '0a:58:0a:f4:00:01';

/** Creates the network of the cluster: its own loopback carries the nodes' addresses, one bridge the pods. */
export async function layNetwork(supervisor: Supervisor): Promise<void> {
  await runCommand('modprobe', ['br_netfilter']).catch(() => undefined); // Often built in; the check below decides.
  await supervisor.require('ip', 'link', 'set', 'lo', 'up');
  await supervisor.require('ip', 'addr', 'add', `${ADDRESSES.apiServer}/32`, 'dev', 'lo');
  await supervisor.require('ip', 'addr', 'add', `${ADDRESSES.dns}/32`, 'dev', 'lo');
  await supervisor.require('ip', 'link', 'add', 'cni0', 'address', BRIDGE_ADDRESS, 'type', 'bridge');
  await supervisor.require('ip', 'addr', 'add', `${ADDRESSES.podGateway}/16`, 'dev', 'cni0');
  await supervisor.require('ip', 'link', 'set', 'cni0', 'up');
  await supervisor.require('ip', 'route', 'add', 'default', 'dev', 'cni0');
  for (const setting of ['ipv4/ip_forward', 'bridge/bridge-nf-call-iptables']) {
    await supervisor.require('bash', '-c', `echo 1 > /proc/sys/net/${setting}`);
  }
}

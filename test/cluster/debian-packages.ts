import { access, constants } from 'node:fs/promises';
import { requireCommand } from './command.ts';
import type { Progress } from './progress.ts';

/** The Debian packages of the embedded Kubernetes, each with a file that shows its presence. */
const PACKAGES = [
  { name: 'runc', paths: ['/usr/sbin/runc', '/usr/bin/runc'] },
  { name: 'containernetworking-plugins', paths: ['/usr/lib/cni/bridge'] },
  { name: 'iptables', paths: ['/usr/sbin/iptables'] },
  { name: 'iproute2', paths: ['/usr/sbin/ip', '/sbin/ip', '/bin/ip'] },
  { name: 'conntrack', paths: ['/usr/sbin/conntrack'] },
  { name: 'mount', paths: ['/usr/bin/mount', '/bin/mount'] },
] as const;

/** Installs the missing packages and reports them first. Needs root, and apt. */
export async function installDebianPackages(progress: Progress, signal: AbortSignal): Promise<void> {
  const missing: string[] = [];
  for (const { name, paths } of PACKAGES) {
    const found = await Promise.all(paths.map(isExecutable));
    if (!found.includes(true)) {
      missing.push(name);
    }
  }
  if (missing.length === 0) {
    return;
  }
  progress(`installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await requireCommand('apt-get', ['update', '-q'], { env, signal });
  await requireCommand('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...missing], { env, signal });
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false; // A missing file is the answer, not a failure.
  }
}

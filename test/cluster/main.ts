import { spawnSync } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { findExistingCluster } from './existing-cluster.ts';
import { DEFAULT_CLUSTER } from './kubeconfig.ts';
import type { DnsCache } from './layout.ts';
import { printLogs } from './logs.ts';
import { printProgress } from './progress.ts';
import { startCluster } from './start.ts';
import { printStatus } from './status.ts';
import { stopCluster } from './stop.ts';

const USAGE = `usage: npm run cluster -- COMMAND [options]

  start    build what is missing, start a Kubernetes cluster on this machine, print its kubeconfig's path
  stop     end it and remove every trace
  status   its nodes and programs
  logs     the log files, or the end of one: logs kube-apiserver

  --name NAME         which cluster; several live side by side (default: ${DEFAULT_CLUSTER})
  --nodes N           how many nodes (default: 3)
  --attached          start: stay, and stop the cluster when standard input closes or this is interrupted
  --dns-cache on|off  CoreDNS caches answers for 30 s, as most clusters do (default: on)
  --kubeconfig FILE   use this existing cluster; KUBECONFIG does the same
`;

const [command = 'help', ...rest] = process.argv.slice(2);
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => {
    printProgress(`${signal}: stopping, nothing is left behind`);
    interrupted.abort(new Error(`interrupted by ${signal}`));
  });
}

try {
  process.exitCode = await run();
} catch (error) {
  process.stderr.write(`cluster ${command}: ${Error.isError(error) ? error.message : String(error)}\n`);
  for (let cause = Error.isError(error) ? error.cause : undefined; Error.isError(cause); cause = cause.cause) {
    process.stderr.write(`  because: ${cause.message}\n`);
  }
  process.exitCode = 1;
}

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    args: rest,
    allowPositionals: true,
    options: {
      name: { type: 'string', default: DEFAULT_CLUSTER },
      nodes: { type: 'string', default: '3' },
      'dns-cache': { type: 'string', default: 'on' },
      kubeconfig: { type: 'string' },
      attached: { type: 'boolean', default: false },
    },
  });
  const dnsCache = parseDnsCache(values['dns-cache']);
  const existing = await findExistingCluster(values.kubeconfig, values.name);
  switch (command) {
    case 'start': {
      if (existing !== undefined) {
        printProgress(`using the existing cluster ${existing.server}; none is started`);
        process.stdout.write(`${existing.kubeconfig}\n`);
        return 0;
      }
      return await withRoot(async () => {
        const { signal } = interrupted;
        const { name } = values;
        const options = { name, nodes: Number(values.nodes), dnsCache, progress: printProgress, signal };
        const { layout, isNew } = await startCluster(options);
        await giveToInvoker(layout.kubeconfig);
        await giveToInvoker(layout.controlSocket);
        printProgress(`use it: export KUBECONFIG=${layout.kubeconfig}; ${layout.programs}/kube kubectl get nodes`);
        process.stdout.write(`${layout.kubeconfig}\n`);
        if (values.attached) {
          await inputClosed(signal);
          await (isNew ? stopCluster(name) : undefined);
        }
      });
    }
    case 'stop':
      if (existing !== undefined) {
        printProgress(`leaving the existing cluster ${existing.server} as it is`);
        return 0;
      }
      return await withRoot(async () => {
        await stopCluster(values.name);
        printProgress(`cluster ${values.name} is gone`);
      });
    case 'status':
      return await printStatus(values.name, existing);
    case 'logs':
      return await printLogs(values.name, positionals[0]);
    case 'help':
    case '--help':
      process.stdout.write(USAGE);
      return 0;
    default:
      process.stderr.write(USAGE);
      return 2;
  }
}

/** Resolves when standard input ends, which happens when the parent process is gone, or on interrupt. */
async function inputClosed(signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    process.stdin
      .resume()
      .once('end', resolve)
      .once('error', () => resolve());
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  process.stdin.destroy();
}

function parseDnsCache(value: string): DnsCache {
  if (value === 'on' || value === 'off') {
    return value;
  }
  throw new Error(`--dns-cache ${value}: expected on or off`);
}

/**
 * Runs the action as root, because namespaces, mounts and cgroups need it. With sudo the same program continues as
 * root, with this user's cache.
 */
async function withRoot(action: () => Promise<void>): Promise<number> {
  if (process.getuid?.() === 0) {
    await action();
    return 0;
  }
  const keep = ['PATH', 'HOME', 'XDG_CACHE_HOME', 'CI'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [`${name}=${value}`];
  });
  const sudo = spawnSync('sudo', ['env', ...keep, process.execPath, ...process.argv.slice(1)], { stdio: 'inherit' });
  if (sudo.error !== undefined) {
    throw new Error(
      'the embedded Kubernetes needs root (namespaces, mounts, cgroups); run this as root or install sudo',
    );
  }
  return sudo.status ?? 1;
}

async function giveToInvoker(path: string): Promise<void> {
  const { SUDO_UID, SUDO_GID } = process.env;
  if (SUDO_UID !== undefined && SUDO_GID !== undefined) {
    await chown(path, Number(SUDO_UID), Number(SUDO_GID));
  }
}

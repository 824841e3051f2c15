import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { checkMesh } from '../src/nats/mesh/verdict.ts';
import { kubeconfigOf, makeDeployment, requestToken, type TestDeployment } from '../test/support/deployment.ts';
import type { BenchOptions } from './options.ts';
import { recordedMesh } from './recorded-mesh.ts';
import { openRelay, type Relay } from './relay.ts';
import { type Figure, figureOf, type Row, ratioOf, within, withinRatio } from './row.ts';
import { onCluster, VERSION } from './scene.ts';

const REAL = [3, 5, 9] as const;
const RECORDED = [3, 5, 9, 25, 50] as const;

/** The limit for three samples of fifty servers. */
const MAX_VERDICT_MS = 20;
const VERDICT_ROUNDS = 31;

/**
 * The limit of the cost per server, relative to this cost with three servers. A measured value below 1 means that some
 * work is done once for all servers.
 */
const MAX_GROWTH = 1;
const MAX_MEMORY_GROWTH = 1.1;

/** Measures the cost of more servers: with as many real servers as the machine can run, then with recorded answers. */
export async function scale({ rounds }: BenchOptions): Promise<readonly Row[]> {
  return [...(await verdicts()), ...(await onCluster(async (admin) => await realServers(admin, rounds)))];
}

async function verdicts(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const servers of RECORDED) {
    const { expectation, samples, decode, parse, bytes } = await recordedMesh(servers);
    const history = samples();
    const [verdictTimes, decoded, parsed]: [number[], number[], number[]] = [[], [], []];
    for (let round = 0; round < VERDICT_ROUNDS; round += 1) {
      verdictTimes.push(
        elapsed(() => {
          if (checkMesh(expectation, history).kind !== 'complete') throw new Error('expected a complete mesh');
        }),
      );
      decoded.push(elapsed(decode));
      parsed.push(elapsed(parse));
    }
    const [ours, decoding] = [figureOf(verdictTimes), figureOf(decoded)];
    const reference = { label: 'JSON.parse of one sample', ...figureOf(parsed) };
    const seen = `${Math.round(bytes / 1024)} KiB a sample`;
    const ratio = ratioOf(ours, reference);
    const known = { ratio, target: 'for comparison', isMet: true } as const;
    const held = servers === RECORDED.at(-1) ? within(ours, reference, MAX_VERDICT_MS, 'ms') : known;
    rows.push({ label: `mesh verdict, 3 samples of ${servers} servers`, unit: 'ms', ours, reference, ...held, seen });
    const label = `parsing and decoding one sample of ${servers} servers`;
    rows.push({ label, unit: 'ms', ours: decoding, reference, ...known, ratio: ratioOf(decoding, reference) });
  }
  return rows;
}

function elapsed(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

type Cost = { readonly kib: Figure; readonly mib: Figure; readonly connections: number };

async function realServers(admin: string, rounds: number): Promise<readonly Row[]> {
  const rows: Row[] = [];
  let least: Cost | undefined;
  for (const servers of REAL) {
    const cost = await costOf(admin, servers, rounds);
    least ??= cost;
    rows.push(...rowsOf(servers, cost, least));
  }
  return rows;
}

/** Measures the cost of a deployment with nothing to change. */
async function costOf(admin: string, servers: number, rounds: number): Promise<Cost> {
  const deployment = await makeDeployment('bench', admin);
  const relay = await openRelay(deployment.space.config.getCurrentCluster()?.server ?? '');
  try {
    const inputs = { image: `nats:${VERSION}`, replicas: String(servers), 'anti-affinity': 'none' };
    await deployment.requireRun(inputs);
    const kubeconfig = await relayedKubeconfig(deployment, relay);
    const [kib, mib]: [number[], number[]] = [[], []];
    let connections = 0;
    for (let round = 0; round < rounds; round += 1) {
      relay.taken();
      mib.push(await peakOf(deployment, { ...inputs, kubeconfig }));
      const taken = relay.taken();
      kib.push(taken.bytes / 1024);
      ({ connections } = taken);
    }
    return { kib: figureOf(kib), mib: figureOf(mib), connections };
  } finally {
    await relay.close();
    await deployment.remove();
  }
}

async function relayedKubeconfig({ space, kubeconfig }: TestDeployment, { url }: Relay): Promise<string> {
  const path = join(dirname(kubeconfig), 'relayed');
  const text = kubeconfigOf(space, 'deployer', await requestToken(space, 'deployer'), url);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

/** Returns the peak memory of the process, in MiB. */
async function peakOf(deployment: TestDeployment, inputs: Readonly<Record<string, string>>): Promise<number> {
  let peak = 0;
  let looking: NodeJS.Timeout | undefined;
  const look = async (pid: number): Promise<void> => {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => ''); // The process has just ended.
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
  };
  const onStart = (pid: number): void => {
    looking = setInterval(() => void look(pid), 20);
  };
  const { outputs, stdout } = await deployment.run(inputs, { onStart }).finally(() => clearInterval(looking));
  if (outputs['result'] !== 'unchanged') throw new Error(`expected no change:\n${stdout}`);
  return peak;
}

function rowsOf(servers: number, { kib, mib, connections }: Cost, least: Cost): readonly Row[] {
  const perServer = { label: `${servers} times a third of 3 servers'`, ...times(least.kib, servers / REAL[0]) };
  const same = { label: 'with 3 servers', ...least.mib };
  const label = `deploy with nothing to change, ${servers} servers`;
  const seen = `${connections} connections`;
  return [
    {
      label: `${label}: bytes`,
      unit: 'KiB',
      ours: kib,
      reference: perServer,
      ...withinRatio(kib, perServer, MAX_GROWTH),
      seen,
    },
    {
      label: `${label}: memory`,
      unit: 'MiB',
      ours: mib,
      reference: same,
      ...withinRatio(mib, same, MAX_MEMORY_GROWTH),
    },
  ];
}

function times({ median, from, to, rounds }: Figure, factor: number): Figure {
  const scaled = (value: number): number => Math.round(value * factor * 10) / 10;
  return { median: scaled(median), from: scaled(from), to: scaled(to), rounds };
}

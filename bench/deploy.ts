import { makeDeployment } from '../test/support/deployment.ts';
import { makeNamespace, type TestNamespace } from '../test/support/namespace.ts';
import { applyBare, bareManifests } from './bare-manifests.ts';
import { chartRelease } from './chart.ts';
import { awaitStableMesh, countRoutes } from './mesh-observer.ts';
import type { BenchOptions } from './options.ts';
import { figureOf, mediansOf, type Row, ratioOf, within, withinRatio } from './row.ts';
import { onCluster, PODS, SERVERS, VERSION } from './scene.ts';
import { timeRun } from './timed-run.ts';

const MAX_RATIO = 1.25;
const MAX_AFTER_MS = 500;

/** The log lines that end the parts of a deployment. */
const PARTS = [
  { part: 'start', line: /^cluster / },
  { part: 'preflight and certificates', line: /^issued: / },
  { part: 'apply', line: /^applied: / },
  { part: 'pods and mesh', line: /→ .*: complete$|: runs this revision$/ },
  { part: 'verify from outside', line: /^verified from outside: \d+ checks/ },
] as const;

type Ours = { readonly elapsedMs: number; readonly afterMs: number; readonly parts: Readonly<Record<string, number>> };
type Peer = { readonly elapsedMs: number; readonly routes: number };

/**
 * Measures from the start of the action's process to its end, with everything verified. The reference is the time that
 * Kubernetes and the servers need themselves: the same objects applied by the API, until an observer sees the full
 * mesh. Rounds are interleaved.
 */
export async function deploy({ chart, rounds }: BenchOptions): Promise<readonly Row[]> {
  return await onCluster(async (admin) => {
    const [floor, ours, peer]: [number[], Ours[], Peer[]] = [[], [], []];
    for (let round = 0; round < rounds; round += 1) {
      floor.push(await inNamespace(admin, measureBare));
      ours.push(await measureDeploy(admin));
      if (chart !== undefined) peer.push(await inNamespace(admin, async (space) => await measureHelm(space, chart)));
    }
    return rowsOf(floor, ours, peer);
  });
}

async function inNamespace<Result>(admin: string, measure: (space: TestNamespace) => Promise<Result>): Promise<Result> {
  const space = await makeNamespace('bench', {}, admin);
  try {
    return await measure(space);
  } finally {
    await space.remove();
  }
}

async function measureBare(space: TestNamespace): Promise<number> {
  const { waves } = await bareManifests(space.name, { replicas: SERVERS, image: `nats:${VERSION}` });
  const begun = performance.now();
  await applyBare(space, waves);
  const { stableAt } = await awaitStableMesh(space, PODS, new AbortController().signal);
  return stableAt - begun;
}

async function measureDeploy(admin: string): Promise<Ours> {
  const deployment = await makeDeployment('bench', admin);
  const ended = new AbortController();
  try {
    const seeing = awaitStableMesh(deployment.space, PODS, ended.signal);
    const { result, elapsedMs, endedAt, parts } = await timeRun(
      deployment,
      { image: `nats:${VERSION}` },
      { parts: PARTS },
    );
    if (result.exitCode !== 0) throw new Error(`deploy ended with ${result.exitCode}:\n${result.stdout}`);
    const { stableAt } = await seeing;
    return { elapsedMs, afterMs: endedAt - stableAt, parts };
  } finally {
    ended.abort();
    await deployment.remove();
  }
}

async function measureHelm(space: TestNamespace, chart: string): Promise<Peer> {
  const release = await chartRelease(space, { chart, version: VERSION, servers: SERVERS });
  try {
    const begun = performance.now();
    await release.install();
    const elapsedMs = performance.now() - begun;
    return { elapsedMs, routes: await countRoutes(space, PODS) };
  } finally {
    await release.remove();
  }
}

function rowsOf(floor: readonly number[], ours: readonly Ours[], peer: readonly Peer[]): readonly Row[] {
  const reference = { label: 'bare manifests → full mesh seen', ...figureOf(floor) };
  const elapsed = figureOf(ours.map(({ elapsedMs }) => elapsedMs));
  const parts = mediansOf(ours.map((one) => one.parts));
  const after = figureOf(ours.map(({ afterMs }) => afterMs));
  const label = `deploy, ${SERVERS} servers, TLS, process start → mesh verified`;
  const rows: readonly Row[] = [
    { label, unit: 'ms', ours: elapsed, reference, ...withinRatio(elapsed, reference, MAX_RATIO), parts },
    {
      label: 'exit after an observer saw the stable mesh',
      unit: 'ms',
      ours: after,
      reference,
      ...within(after, reference, MAX_AFTER_MS, 'ms'),
    },
  ];
  if (peer.length === 0) return rows;
  const helm = { label: 'openssl, helm upgrade --install --wait', ...figureOf(peer.map(({ elapsedMs }) => elapsedMs)) };
  const routes = peer.map((one) => one.routes);
  const seen = `of ${SERVERS * (SERVERS - 1)} routes Helm's end had ${routes.join(', ')}`;
  const ratio = ratioOf(elapsed, helm);
  return [
    ...rows,
    { label, unit: 'ms', ours: elapsed, reference: helm, ratio, target: 'for comparison', isMet: true, seen },
  ];
}

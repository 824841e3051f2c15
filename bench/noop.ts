import { join } from 'node:path';
import process from 'node:process';
import { makeDeployment } from '../test/support/deployment.ts';
import { makeNamespace } from '../test/support/namespace.ts';
import { auditLog } from './audit.ts';
import { chartRelease } from './chart.ts';
import type { BenchOptions } from './options.ts';
import { timeProcess } from './process.ts';
import { profileRun } from './profiled-run.ts';
import { type Figure, figureOf, mediansOf, type Row, ratioOf, withinRatio } from './row.ts';
import { onCluster, SERVERS, VERSION } from './scene.ts';
import { timeRun } from './timed-run.ts';

const MAX_RATIO = 0.6;
const SLICE_MS = 10;

const PARTS = [
  { part: 'start', line: /^cluster / },
  { part: 'lock, look and compare', line: /^applied: no object changed/ },
  { part: 'look at the mesh', line: /: unchanged, / },
] as const;

/**
 * Measures a second deployment that changes nothing and verifies everything, next to an upgrade by Helm, which verifies
 * nothing. Rounds are interleaved.
 */
export async function noop({ chart, rounds }: BenchOptions): Promise<readonly Row[]> {
  return await onCluster(async (admin) => {
    const deployment = await makeDeployment('bench', admin);
    const space = await makeNamespace('bench', {}, admin);
    const release =
      chart === undefined ? undefined : await chartRelease(space, { chart, version: VERSION, servers: SERVERS });
    try {
      await deployment.requireRun({ image: `nats:${VERSION}` });
      await release?.install();
      const [empty, loaded, ours, helm]: [number[], number[], number[], number[]] = [[], [], [], []];
      const parts: Readonly<Record<string, number>>[] = [];
      for (let round = 0; round < rounds; round += 1) {
        empty.push(timeProcess(process.execPath, ['-e', '0']).elapsedMs);
        loaded.push(timeToLoad());
        const { result, ...timed } = await timeRun(deployment, { image: `nats:${VERSION}` }, { parts: PARTS });
        if (result.outputs['result'] !== 'unchanged') throw new Error(`expected no change:\n${result.stdout}`);
        ours.push(timed.elapsedMs);
        parts.push(timed.parts);
        if (release !== undefined) helm.push(await timeOf(release.upgrade));
      }
      const profile = await profileRun(
        deployment,
        { image: `nats:${VERSION}` },
        { parts: PARTS, log: await auditLog(admin), sliceMs: SLICE_MS },
      );
      const figures = { empty: figureOf(empty), loaded: figureOf(loaded), helm };
      return rowsOf(figureOf(ours), figures, { parts: mediansOf(parts), profile });
    } finally {
      await release?.remove();
      await space.remove();
      await deployment.remove();
    }
  });
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** Measures a run that finds no kubeconfig: it loads all of its code, but sends no request. */
function timeToLoad(): number {
  const env = { INPUT_KUBECONFIG: join(process.cwd(), 'absent', 'kubeconfig') };
  return timeProcess(process.execPath, ['dist/index.js'], { env, exitCode: 1 }).elapsedMs;
}

type Peers = { readonly empty: Figure; readonly loaded: Figure; readonly helm: readonly number[] };

function rowsOf(ours: Figure, { empty, loaded, helm }: Peers, made: Pick<Row, 'parts' | 'profile'>): readonly Row[] {
  const label = `deploy with nothing to change, ${SERVERS} servers, verified`;
  const compared = (reference: Row['reference']): Row => {
    return {
      label,
      unit: 'ms',
      ours,
      reference,
      ratio: ratioOf(ours, reference),
      target: 'for comparison',
      isMet: true,
    };
  };
  const others = [
    { ...compared({ label: 'empty node process', ...empty }), ...made },
    compared({ label: 'the floor of the start: everything loaded, nothing asked', ...loaded }),
  ];
  if (helm.length === 0) return others;
  const reference = { label: 'helm upgrade with nothing to change, unverified', ...figureOf(helm) };
  return [{ label, unit: 'ms', ours, reference, ...withinRatio(ours, reference, MAX_RATIO) }, ...others];
}

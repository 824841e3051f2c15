import { makeDeployment } from '../../test/support/deployment.ts';
import { makeNamespace } from '../../test/support/namespace.ts';
import { auditLog } from './audit.ts';
import { chartRelease } from './chart.ts';
import type { BenchOptions } from './options.ts';
import { timedProcess } from './process.ts';
import { profiledRun } from './profiled-run.ts';
import { type Figure, figureOf, mediansOf, type Row, ratioOf, withinRatio } from './row.ts';
import { onCluster, SERVERS, VERSION } from './scene.ts';
import { timedRun } from './timed-run.ts';

const MOST_RATIO = 0.6;
const SLICE_MS = 10;

const PARTS = [
  { part: 'start', line: /^cluster / },
  { part: 'lock, look and compare', line: /^applied: no object changed/ },
  { part: 'look at the mesh', line: /: unchanged, / },
] as const;

/** A second deployment with nothing to change, everything verified, beside Helm's, which verifies nothing. Interleaved. */
export async function noop({ chart, rounds }: BenchOptions): Promise<readonly Row[]> {
  return await onCluster(async (admin) => {
    const deployment = await makeDeployment('bench', admin);
    const space = await makeNamespace('bench', {}, admin);
    const release =
      chart === undefined ? undefined : await chartRelease(space, { chart, version: VERSION, servers: SERVERS });
    try {
      await deployment.requireRun({ image: `nats:${VERSION}` });
      await release?.install();
      const [empty, ours, helm]: [number[], number[], number[]] = [[], [], []];
      const parts: Readonly<Record<string, number>>[] = [];
      for (let round = 0; round < rounds; round += 1) {
        empty.push(timedProcess(process.execPath, ['-e', '0']).elapsedMs);
        const { result, ...timed } = await timedRun(deployment, { image: `nats:${VERSION}` }, { parts: PARTS });
        if (result.outputs['result'] !== 'unchanged') throw new Error(`expected no change:\n${result.stdout}`);
        ours.push(timed.elapsedMs);
        parts.push(timed.parts);
        if (release !== undefined) helm.push(await timeOf(release.upgrade));
      }
      const profile = await profiledRun(
        deployment,
        { image: `nats:${VERSION}` },
        { parts: PARTS, log: await auditLog(admin), sliceMs: SLICE_MS },
      );
      return rowsOf(figureOf(ours), { empty: figureOf(empty), helm }, { parts: mediansOf(parts), profile });
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

function rowsOf(
  ours: Figure,
  { empty, helm }: { readonly empty: Figure; readonly helm: readonly number[] },
  made: Pick<Row, 'parts' | 'profile'>,
): readonly Row[] {
  const what = `deploy with nothing to change, ${SERVERS} servers, verified`;
  const process = { what: 'empty node process', ...empty };
  const ratio = ratioOf(ours, process);
  const bare: Row = {
    what,
    unit: 'ms',
    ours,
    reference: process,
    ratio,
    target: 'for comparison',
    isMet: true,
    ...made,
  };
  if (helm.length === 0) return [bare];
  const reference = { what: 'helm upgrade with nothing to change, unverified', ...figureOf(helm) };
  return [{ what, unit: 'ms', ours, reference, ...withinRatio(ours, reference, MOST_RATIO) }, bare];
}

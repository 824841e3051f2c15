import { type ClusterLoad, startClusterLoad } from '../test/support/cluster-load.ts';
import { makeDeployment, type TestDeployment } from '../test/support/deployment.ts';
import { reachServers } from '../test/support/server-reach.ts';
import { type AuditLog, auditLog } from './audit.ts';
import type { Slice } from './profile.ts';
import { profileRun } from './profiled-run.ts';
import { figureOf, mediansOf, type Row, ratioOf, withinRatio } from './row.ts';
import { onCluster, VERSION } from './scene.ts';
import { type TimedRun, timeRun } from './timed-run.ts';
import { type Refreshed, volumeRefresh } from './volume-refresh.ts';

const ROUNDS = 5;
const SLICE_MS = 50;

const ROTATIONS = {
  leaves: { label: 'leaf rotation, 3 servers, under load', targets: 'certificates', mostRatio: 3 },
  authorities: { label: 'rotation of both CAs, 3 servers, under load', targets: 'ca, route-ca', mostRatio: 7 },
} as const;

/**
 * The log lines that end the parts of a rotation. A part ends with the last such line, and the last part with the run.
 */
const PARTS = [
  { part: 'connect', line: /^cluster / },
  { part: 'decide', line: /^applied: .*tls-/ },
  { part: 'reload and verify each server', line: /runs this revision$|trusts? the (?:old|new)/ },
  { part: 'verify from outside', line: /^verified from outside: \d+ checks/ },
] as const;

/**
 * Measures from the start of the action's process to its end, with everything verified, next to the time that a kubelet
 * needs to refresh a volume. Uses the cluster of KUBECONFIG, otherwise the embedded one. Rounds are interleaved.
 */
export async function rotation(): Promise<readonly Row[]> {
  return await onCluster(async (admin) => {
    const deployment = await makeDeployment('bench', admin);
    try {
      await deployment.requireRun({ image: `nats:${VERSION}` });
      return await measureRotations(deployment, await auditLog(admin));
    } finally {
      await deployment.remove();
    }
  });
}

async function measureRotations(deployment: TestDeployment, log: AuditLog): Promise<readonly Row[]> {
  const reach = reachServers(deployment.space);
  const refresh = volumeRefresh(deployment.space);
  const floor: Refreshed[] = [];
  const times: Record<keyof typeof ROTATIONS, TimedRun[]> = { leaves: [], authorities: [] };
  let load: ClusterLoad | undefined;
  try {
    load = await startClusterLoad(deployment.space, reach, 'bench');
    for (let round = 0; round < ROUNDS; round += 1) {
      floor.push(await refresh.measure());
      times.leaves.push(await runRotation(deployment, ROTATIONS.leaves.targets));
      times.authorities.push(await runRotation(deployment, ROTATIONS.authorities.targets));
    }
    const profiles = {
      leaves: await profileRotation(deployment, ROTATIONS.leaves.targets, log),
      authorities: await profileRotation(deployment, ROTATIONS.authorities.targets, log),
    };
    const { perSecond, trouble } = await load.stop();
    const seen =
      trouble.length === 0 ? `0 lost of ${perSecond.toFixed(0)} messages/s, 0 disconnects` : trouble.join('; ');
    const next = {
      label: 'annotate → volume refreshed, soon after another',
      ...figureOf(floor.map((one) => one.nextMs)),
    };
    const quiet = {
      label: 'annotate → volume refreshed, in pods at rest',
      ...figureOf(floor.map((one) => one.quietMs)),
    };
    return (['leaves', 'authorities'] as const).flatMap((kind): readonly Row[] => {
      const { label, mostRatio } = ROTATIONS[kind];
      const ours = figureOf(times[kind].map(({ elapsedMs }) => elapsedMs));
      const compared = withinRatio(ours, next, mostRatio);
      const row = { label, unit: 'ms', ours } as const;
      return [
        {
          ...row,
          reference: next,
          ...compared,
          target: `${compared.target}, 0 lost`,
          isMet: compared.isMet && trouble.length === 0,
          seen,
          parts: mediansOf(times[kind].map(({ parts }) => parts)),
          profile: profiles[kind],
        },
        { ...row, reference: quiet, ratio: ratioOf(ours, quiet), target: 'for comparison', isMet: true },
      ];
    });
  } finally {
    await load?.stop();
    await refresh.close();
    await reach.close();
  }
}

// After the first apply, lines about applied objects belong to later phases.
const TIMING = { parts: PARTS, once: ['decide'] } as const;

function inputsOf(targets: string): Readonly<Record<string, string>> {
  return { command: 'rotate', force: 'true', 'rotate-targets': targets, 'ca-overlap': '0s' };
}

async function profileRotation(deployment: TestDeployment, targets: string, log: AuditLog): Promise<readonly Slice[]> {
  return await profileRun(deployment, inputsOf(targets), { ...TIMING, log, sliceMs: SLICE_MS });
}

async function runRotation(deployment: TestDeployment, targets: string): Promise<TimedRun> {
  const timed = await timeRun(deployment, inputsOf(targets), TIMING);
  const { exitCode, outputs, stdout } = timed.result;
  const { result, 'rotation-phase': phase } = outputs;
  if (exitCode !== 0 || result !== 'rotated' || phase !== 'idle') {
    throw new Error(`rotate ${targets} ended with ${exitCode}, result ${result}, phase ${phase}:\n${stdout}`);
  }
  return timed;
}

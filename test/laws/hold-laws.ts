import process from 'node:process';
import { expect } from '@jest/globals';
import type { V1Pod } from '@kubernetes/client-node';
import { type TestDeployment } from '../support/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { errorTitle, readPodUids } from '../support/live-cluster.ts';
import { readObjectVersions } from '../support/objects.ts';

export type Inputs = Readonly<Record<string, string>>;

/** The result of `b`. `kept`: the plan said that no later step can undo `b`, so the NATS cluster stays with `b`. */
export type LawsResult = 'green' | 'red' | 'refused' | 'kept';

const RESTART_SECONDS = 120;

/** The oldest release that the product supports. */
const OLDEST = 'nats:2.10.29';

/**
 * Takes a deployment from the inputs `a`, which it has, to `b` and back. Requires the four laws of a successful step on
 * the way: agreement, twice, restart and undo. Returns the result of `b`. With `refused`, the plan and the deploy
 * failed before any change; such a refusal must only leave everything unchanged.
 */
export async function holdLaws(deployment: TestDeployment, a: Inputs, b: Inputs): Promise<LawsResult> {
  const before = await readObjectVersions(deployment);
  const planned = await deployment.run({ ...b, command: 'plan' });
  const deployed = await deployment.run(b);
  if (deployed.exitCode !== 0 && planned.exitCode !== 0) {
    expect(await readObjectVersions(deployment)).toEqual(before);
    await holdAgreement(deployment, a);
    return 'refused';
  }
  if (deployed.exitCode === 0) {
    expect(errorTitle(planned)).toBeUndefined();
    await holdAgreement(deployment, b);
    await holdTwice(deployment, b);
    await holdRestart(deployment, b, Object.keys(await readPodUids(deployment.space)));
  }
  if (planned.stdout.includes('this cannot be undone')) {
    await holdRefusal(deployment, a, b);
    return 'kept';
  }
  if (planned.stdout.includes('undoing it needs `allow: outage`'))
    await holdUndo(deployment, { ...a, allow: 'outage' });
  else await holdUndo(deployment, a);
  return deployed.exitCode === 0 ? 'green' : 'red';
}

/** Requires that `verify` succeeds right after a successful step. */
export async function holdAgreement(deployment: TestDeployment, { name = 'nats' }: Inputs): Promise<void> {
  await deployment.requireRun({ name, command: 'verify' });
}

/** Requires that the same inputs again change nothing and restart nothing. */
export async function holdTwice(deployment: TestDeployment, b: Inputs): Promise<void> {
  const before = await readPodUids(deployment.space);
  const again = await deployment.requireRun(b);
  // Each run of `rotate` reports that a rotation waits for clients.
  const isWaiting = b.command === 'rotate' && again.outputs['rotation-phase'] === 'overlap';
  const result = isWaiting ? 'rotating' : 'unchanged';
  expect(again.outputs).toMatchObject({ result, changed: 'false' });
  expect(await readPodUids(deployment.space)).toEqual(before);
}

/**
 * Deletes one pod after the other. Requires that each becomes Ready again, and that `verify` succeeds without manual
 * work.
 *
 * nats-server 2.10.29 leaves out a server now and then: the answers of the restarted server do not reach the meta leader
 * (docs/live-changes.md). For this release alone, `verify` may name the server, and the same step again has to repair it.
 */
export async function holdRestart(deployment: TestDeployment, b: Inputs, pods: readonly string[]): Promise<void> {
  const uids = await readPodUids(deployment.space);
  for (const pod of pods) {
    await deployment.space.core.deleteNamespacedPod({ name: pod, namespace: deployment.space.name });
    const late = await waitUntilReady(deployment, pod, uids[pod]).catch((error: unknown) => error);
    const verified = await deployment.run({ name: b.name ?? 'nats', command: 'verify' });
    if (late === undefined && verified.exitCode === 0) continue;
    if (b.image !== OLDEST || errorTitle(verified) !== 'MESH_INCOMPLETE (OutsideMetaGroup)') {
      const shown = verified.stdout.replace(/^::add-mask::.*\n/gm, '');
      throw new Error(`${pod} was deleted; then verify said:\n${shown}`, { cause: late });
    }
    process.stdout.write(`nats-server 2.10.29 left out ${pod} after its restart; the step has to repair it\n`);
    await deployment.requireRun(b);
    await holdAgreement(deployment, b);
  }
}

/** Waits until another pod of this name is Ready. */
async function waitUntilReady({ space }: TestDeployment, name: string, uid: string | undefined): Promise<void> {
  await eventually(`${name} is ready again`, RESTART_SECONDS, async () => {
    const found = await space.core.readNamespacedPod({ name, namespace: space.name }).catch(() => undefined); // Between two pods.
    return (found !== undefined && found.metadata?.uid !== uid && isReady(found)) || undefined;
  });
}

/** Requires that `a` is refused before any change, because the plan said that `b` cannot be undone. */
async function holdRefusal(deployment: TestDeployment, a: Inputs, b: Inputs): Promise<void> {
  const before = await readObjectVersions(deployment);
  expect(errorTitle(await deployment.run(a))).toMatch(/^CHANGE_FORBIDDEN/);
  expect(await readObjectVersions(deployment)).toEqual(before);
  await holdAgreement(deployment, b);
}

/** Requires that a deploy with `a` restores the state before `b`. */
export async function holdUndo(deployment: TestDeployment, a: Inputs): Promise<void> {
  await deployment.requireRun(a);
  await holdAgreement(deployment, a);
}

function isReady({ status }: V1Pod): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True') ?? false;
}

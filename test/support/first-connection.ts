import { setTimeout as delay } from 'node:timers/promises';
import type { TestDeployment } from './deployment.ts';
import { probeService } from './service-probe.ts';

/** The attempts to reach a deployment through its client Service around the end of the step. */
export type FirstConnection = {
  /** The start of the last failed attempt, in ms after the end of the step; negative if it began before the end. */
  readonly lastFailureMs: number;
  readonly attempts: number;
};

/**
 * The time for which the test watches after the end of the step. A change of the Service reaches a node within one
 * second, because kube-proxy writes its rules at least once a second.
 */
const WATCHED_MS = 2000;

/** Deploys while a client waits for the Service, and checks that each attempt after the end of the step succeeds. */
export async function connectAfterDeploy(
  { run, space }: TestDeployment,
  inputs: Readonly<Record<string, string>>,
  directory?: string,
): Promise<FirstConnection> {
  const name = inputs['name'] ?? 'nats';
  const probing = probeService(space, name);
  let endedAt = 0;
  const result = await run(inputs, {
    ...(directory === undefined ? {} : { directory }),
    onEnd: () => {
      endedAt = Date.now();
    },
  });
  const probe = await probing;
  await delay(WATCHED_MS);
  const attempts = await probe.stop();
  if (result.exitCode !== 0) throw new Error(`the action ended with ${result.exitCode}:\n${result.stdout}`);
  const failed = attempts.filter(({ isGreeted }) => !isGreeted).at(-1);
  const lastFailureMs = (failed?.startedAt ?? attempts[0]?.startedAt ?? endedAt) - endedAt;
  return { lastFailureMs, attempts: attempts.length };
}

import { setTimeout as delay } from 'node:timers/promises';
import type { TestDeployment } from './deployment.ts';
import { probeService } from './service-probe.ts';

/** How a deployment was reached by the Service of its clients, around the end of the step. */
export type FirstConnection = {
  /** When the last attempt that failed began, after the end of the step; below zero when that was before. */
  readonly lastFailureMs: number;
  readonly attempts: number;
};

/** A change of the Service reaches a node within the second after which kube-proxy writes its rules at the latest. */
const WATCHED_MS = 2000;

/** Deploys while a client waits for its Service, and watches whether each attempt from the end of the step on succeeds. */
export async function firstConnection(
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

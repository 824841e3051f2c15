import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { provideClusterPrograms } from '../cluster/build.ts';
import { requireCommand } from '../cluster/command.ts';
import { provideHelm } from '../cluster/helm.ts';
import { printProgress } from '../cluster/progress.ts';
import { type ActionResult, runAction } from './action.ts';
import type { TestDeployment } from './deployment.ts';
import { eventually } from './eventually.ts';

/** Renders without a Kubernetes cluster. The workspace is a new temporary folder. */
async function render(inputs: Readonly<Record<string, string>>): Promise<ActionResult> {
  return await runAction({ inputs: { command: 'render', ...inputs }, env: { GITHUB_WORKSPACE: tmpdir() } });
}

/** Renders like `render`. Every result except success is an error with the log. */
export async function requireRendered(inputs: Readonly<Record<string, string>>): Promise<ActionResult> {
  const result = await render(inputs);
  if (result.exitCode !== 0) throw new Error(`the action ended with ${result.exitCode}:\n${result.stdout}`);
  return result;
}

/** Runs kubectl in the namespace as its administrator, and returns its output. */
export async function kubectl({ space }: Pick<TestDeployment, 'space'>, ...args: readonly string[]): Promise<string> {
  const { signal } = new AbortController();
  const kube = join(await provideClusterPrograms(printProgress, signal), 'kube');
  return await requireCommand(kube, ['kubectl', '--namespace', space.name, ...args], { env: process.env });
}

/** Runs helm in the namespace as its administrator, and returns its output. */
export async function helm({ space }: Pick<TestDeployment, 'space'>, ...args: readonly string[]): Promise<string> {
  return await requireCommand(await provideHelm(), ['--namespace', space.name, ...args], {
    env: process.env,
  });
}

/**
 * Waits for the servers, because objects that were applied without the action take their time, and `verify` expects a
 * mesh of the present ones.
 */
export async function readyServers({ space, apps }: Pick<TestDeployment, 'space' | 'apps'>, count: number) {
  await eventually(`${count} servers are ready`, 90, async () => {
    const { status } = await apps.readNamespacedStatefulSet({ name: 'nats', namespace: space.name });
    return status?.readyReplicas === count ? true : undefined;
  });
}

import { expect } from '@jest/globals';
import { CoordinationV1Api } from '@kubernetes/client-node';
import type { ActionResult } from './action.ts';
import type { TestDeployment } from './deployment.ts';
import { expectNoSecret } from './failure.ts';
import { readSecrets } from './leaks.ts';
import { readPodUids } from './live-cluster.ts';
import { readObjectVersions } from './objects.ts';

type Texts = Readonly<Record<string, string>>;

/** Parses the plan for each object, as `action class`, by `Kind/name`. */
export function parsePlan({ summary }: ActionResult): Texts {
  const rows = summary.matchAll(/^\| `([^`]+)` \| ([a-z]+) \| ([a-z-]+) \|$/gm);
  return Object.fromEntries([...rows].map(([, object = '', action, change]) => [object, `${action} ${change}`]));
}

/** Parses the changed objects in the report of a deployment, or those that a plan would change, as `Kind/name`. */
function changedObjects({ files }: ActionResult): readonly string[] {
  const [, list = ''] = /"changedObjects": (\[[^\]]*\])/.exec(files) ?? [];
  const names: unknown = JSON.parse(list);
  return Array.isArray(names) ? names.map(String).toSorted() : [];
}

/** Runs a plan. Requires that it succeeds, contains no secret, and changes nothing, not even temporarily. */
export async function requirePlan(deployment: TestDeployment, inputs: Texts): Promise<ActionResult> {
  const before = await readVersions(deployment);
  const result = await deployment.requireRun({ ...inputs, command: 'plan' });
  expect(await readVersions(deployment)).toEqual(before);
  expectNoSecret(result, [...(await readSecrets(deployment)), ...passwordsIn(inputs)]);
  return result;
}

async function readVersions(deployment: TestDeployment): Promise<unknown> {
  const { config, name: namespace } = deployment.space;
  const leases = await config.makeApiClient(CoordinationV1Api).listNamespacedLease({ namespace });
  return {
    ...(await readObjectVersions(deployment)),
    leases: leases.items.map(({ metadata }) => metadata?.resourceVersion),
  };
}

function passwordsIn(inputs: Texts): readonly string[] {
  return Object.entries(inputs).flatMap(([name, value]) => (name.endsWith('password') && value !== '' ? [value] : []));
}

export type Carried = {
  /** The planned objects, as `parsePlan` returns them. */
  readonly planned: Texts;
  readonly plan: ActionResult;
  readonly deployed: ActionResult;
  /** The pods whose names exist before and after; true if the pod with this name is still the same. */
  readonly kept: Readonly<Record<string, boolean>>;
};

/**
 * Plans and deploys. Checks that exactly the planned objects change, that exactly the planned servers reload or
 * restart, and that another plan is empty.
 */
export async function planThenDeploy(deployment: TestDeployment, inputs: Texts): Promise<Carried> {
  const { space, requireRun } = deployment;
  const plan = await requirePlan(deployment, inputs);
  const planned = parsePlan(plan);
  const before = await readPodUids(space);
  const deployed = await requireRun(inputs);
  const after = await readPodUids(space);
  const isChanged = changedObjects(plan).length > 0;
  expect(plan.outputs).toMatchObject({ result: isChanged ? 'planned' : 'unchanged', changed: String(isChanged) });
  expect(deployed.outputs['changed']).toBe(plan.outputs['changed']);
  expect(changedObjects(deployed)).toEqual(changedObjects(plan));
  expect(plan.outputs['config-revision']).toBe(deployed.outputs['config-revision']);
  const again = await requirePlan(deployment, inputs);
  expect({ ...again.outputs, objects: parsePlan(again) }).toMatchObject({ result: 'unchanged', objects: {} });
  const kept = Object.keys(before).filter((pod) => pod in after);
  return { planned, plan, deployed, kept: Object.fromEntries(kept.map((pod) => [pod, before[pod] === after[pod]])) };
}

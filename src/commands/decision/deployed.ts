import { ActionError } from '../../errors/action-error.ts';
import type { StatefulSet } from '../../objects/stateful-set.ts';
import type { LiveState } from '../live/live-state.ts';

export type Deployed = { readonly statefulSet: StatefulSet; readonly settings: string };

/**
 * Returns the StatefulSet and the settings of the last deployment, for the commands that continue from it.
 * @throws ActionError CHANGE_FORBIDDEN without a deployment.
 */
export function requireDeployed(
  { statefulSet, stored }: LiveState,
  { name, namespace, command }: { readonly name: string; readonly namespace: string; readonly command: string },
): Deployed {
  const { settings } = stored;
  if (statefulSet !== undefined && settings !== undefined) {
    return { statefulSet, settings };
  }
  const message = `cannot ${command}: this action did not deploy "${name}" in namespace ${namespace}`;
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'NotDeployed',
    hint: 'Check name and namespace, or run command: deploy first.',
    details: { problems: [{ object: `StatefulSet/${name}`, reason: 'NotDeployed', message }] },
  });
}

import { clusterNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import type { DeployDecision } from '../decision.ts';
import { withExternalAddresses } from '../external-access.ts';
import type { LiveState } from '../preflight/live-state.ts';
import { withPodMonitor } from '../preflight/pod-monitor.ts';
import { assumedLeft, outgrownSet } from '../rollout/outgrown-set.ts';
import type { Run } from '../run.ts';
import { assumedTakenOver } from '../takeover/takeover.ts';

/** The state from which `deploy` would continue, once the objects in its way are gone. */
export type AssumedState = {
  readonly spec: ClusterSpec;
  readonly live: LiveState;
  /**
   * The objects, by `Kind/name`, that a new object of the same name replaces; without content where another owner has
   * the object.
   */
  readonly givesWay: ReadonlyMap<string, { readonly content: KubernetesObject | undefined }>;
  readonly notes: readonly string[];
};

export async function assumedState(
  { api, signal }: Pick<Run<DeployInputs>, 'api' | 'signal'>,
  { spec: decided, live: found, takeover }: Pick<DeployDecision, 'spec' | 'live' | 'takeover'>,
): Promise<AssumedState> {
  const measured = await withPodMonitor(api, decided, signal);
  const taken = takeover === undefined ? found : assumedTakenOver(found, takeover);
  const outgrown = outgrownSet(measured, taken);
  const live = outgrown === undefined ? taken : assumedLeft(taken, outgrown);
  const spec = await withExternalAddresses(api, measured, live, signal);
  const object = `StatefulSet/${clusterNames(spec.name).statefulSet}`;
  if (outgrown !== undefined) {
    const { set, fields } = outgrown;
    const note = `${object} gives way to another one, as its ${fields.join(', ')} can never change; its pods run on until each is replaced`;
    return { spec, live, givesWay: new Map([[object, { content: set }]]), notes: [note] };
  }
  const isTaken = takeover?.objects.has(object) ?? false;
  const givesWay = new Map(isTaken ? [[object, { content: undefined }]] : []);
  return { spec, live, givesWay, notes: takeover?.told ?? [] };
}

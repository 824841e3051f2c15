import { clusterNames } from '../../cluster/names.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { DeployDecision } from '../decision.ts';
import { keptImageNote } from '../deployment.ts';
import { readLease } from '../lock/held-lock.ts';
import type { Run } from '../run.ts';
import type { AssumedState } from './assumed-state.ts';
import type { PlannedServers } from './planned-servers.ts';

type Planned = {
  readonly decision: DeployDecision;
  readonly assumed: AssumedState;
  readonly servers: PlannedServers;
};

/** Returns the parts of the plan that no object shows. */
export async function planNotes(
  { api, inputs, signal }: Run<DeployInputs>,
  { decision, assumed, servers }: Planned,
): Promise<readonly string[]> {
  const { spec, live } = assumed;
  const { namespace } = spec;
  const lease = await readLease(api, { kind: 'Lease', name: clusterNames(spec.name).lease, namespace }, signal);
  const isRunning = live.statefulSet !== undefined;
  const { dnsNames, ipAddresses } = spec.externalAddresses;
  const isAwaited = spec.serviceType === 'LoadBalancer' && dnsNames.length + ipAddresses.length === 0;
  const notes = [
    decision.createdNamespace &&
      `namespace ${namespace} would be created; without it the API server could not be asked about the objects`,
    ...assumed.notes,
    keptImageNote(inputs, spec.image),
    ...decision.unchecked,
    isAwaited && 'once the load balancer has an address, the server certificate is issued for it and servers reload it',
    lease !== undefined &&
      lease.holder !== '' &&
      `another run has the lock (${lease.holder}): what it is changing may not be in this plan`,
    isRunning && servers.isUnproved && 'the last run did not get to prove what is there: it is proved from outside',
  ];
  return notes.filter((note) => typeof note === 'string');
}

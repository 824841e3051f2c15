import { clusterNames, selectByName } from '../../cluster/names.ts';
import type { ClusterSpec, SubjectAltNames } from '../../cluster/spec.ts';
import { type ActionError, hasCode, isActionError, problemError } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { decodeNode } from '../../objects/node.ts';
import { decodeService, type Service } from '../../objects/service.ts';
import { canonicalizeIpAddress, isDnsName } from '../../pki/ip-address.ts';
import type { Runner } from '../../runner/runner.ts';
import { pause } from '../../time/pause.ts';
import type { LiveState } from '../live/live-state.ts';

/**
 * The time in which a load balancer has to get an address. Clouds take seconds to a minute. The wait has a limit,
 * because some clusters have no controller that assigns addresses.
 */
const ADDRESS_WAIT_MS = 90_000;
const ASK_EVERY_MS = 1000;

/**
 * The maximum number of nodes in a certificate, so that the certificate stays small in clusters of thousands of nodes.
 * A client needs one address.
 */
const MAX_NODES = 50;

/** Returns the spec with the addresses that its Service already has, so that the server certificate contains them. */
export async function addExternalAddresses(
  api: KubernetesApi,
  spec: ClusterSpec,
  live: LiveState,
  signal: AbortSignal,
): Promise<ClusterSpec> {
  switch (spec.serviceType) {
    case 'ClusterIP':
      return spec;
    case 'NodePort':
      return { ...spec, externalAddresses: await readNodeAddresses(api, signal) };
    case 'LoadBalancer':
      return addBalancerAddresses(spec, live);
  }
}

/**
 * Returns the spec for a command that only reads, with the addresses of its load balancer. Node addresses are left out,
 * because nodes come and go, and a certificate without a new node is still valid.
 */
export function addBalancerAddresses(spec: ClusterSpec, { objects }: Pick<LiveState, 'objects'>): ClusterSpec {
  const service = objects.get(`Service/${clusterNames(spec.name).service}`);
  return spec.serviceType !== 'LoadBalancer' || service === undefined
    ? spec
    : { ...spec, externalAddresses: selectBalancerAddresses(decodeService(service)) };
}

function selectBalancerAddresses({ type, ingressHostnames, ingressIps }: Service): SubjectAltNames {
  // An address that a certificate cannot hold is left out, because clients could not verify the servers behind it.
  return type === 'LoadBalancer'
    ? {
        dnsNames: ingressHostnames.map((name) => name.toLowerCase()).filter(isDnsName),
        ipAddresses: ingressIps.filter((address) => canonicalizeIpAddress(address) !== undefined),
      }
    : { dnsNames: [], ipAddresses: [] };
}

/**
 * Returns the external addresses of the nodes, because clients outside of the cluster cannot reach internal ones. If no
 * node has an external address, returns the internal addresses.
 */
async function readNodeAddresses(api: KubernetesApi, signal: AbortSignal): Promise<SubjectAltNames> {
  try {
    const { objects } = await api.list('Node', {}, signal);
    const nodes = objects
      .map(decodeNode)
      .filter(({ schedulable }) => schedulable)
      .toSorted((left, right) => (left.name < right.name ? -1 : 1))
      .slice(0, MAX_NODES);
    const external = nodes.flatMap(({ externalIps }) => externalIps);
    return { dnsNames: [], ipAddresses: external.length > 0 ? external : nodes.flatMap((node) => node.internalIps) };
  } catch (error) {
    if (hasCode(error, 'FORBIDDEN')) {
      return { dnsNames: [], ipAddresses: [] }; // The ClusterRole is optional: users can set `subject-alt-names`.
    }
    throw error;
  }
}

type Awaiting = {
  readonly api: Pick<KubernetesApi, 'list'>;
  readonly runner: Pick<Runner, 'info' | 'warning'>;
  readonly signal: AbortSignal;
};

/**
 * Returns the spec with the addresses that its load balancer has, or gets within 90 s. Without an address, warns and
 * returns the same spec. The caller applies the Service first.
 * @throws ActionError WAIT_TIMEOUT when the deadline of the run passes before.
 */
export async function awaitBalancerAddresses(
  { api, runner, signal }: Awaiting,
  spec: ClusterSpec,
  waitMs = ADDRESS_WAIT_MS,
): Promise<ClusterSpec> {
  if (spec.serviceType !== 'LoadBalancer' || hasAddress(spec.externalAddresses)) {
    return spec;
  }
  runner.info(`waiting up to ${waitMs / 1000} s for an address of the load balancer`);
  const endsAt = performance.now() + waitMs;
  try {
    while (performance.now() < endsAt) {
      const externalAddresses = selectBalancerAddresses(await readService(api, spec, signal));
      if (hasAddress(externalAddresses)) {
        return { ...spec, externalAddresses };
      }
      await pause(ASK_EVERY_MS, signal);
    }
  } catch (error) {
    throw signal.aborted && !isActionError(signal.reason) ? noAddressError(spec) : error;
  }
  runner.warning(
    'service-type',
    `Service ${spec.name} got no address from a load balancer within ${waitMs / 1000} s, so the server certificate contains no external address: run the job again when the Service has one, or set \`service-type\` to \`NodePort\` or \`ClusterIP\` if this Kubernetes cluster has no load balancers`,
  );
  return spec;
}

/** Returns the node port of the Service; undefined if the Service has none. */
export async function readNodePort(
  api: Pick<KubernetesApi, 'list'>,
  spec: ClusterSpec,
  signal: AbortSignal,
): Promise<number | undefined> {
  return spec.serviceType === 'NodePort' ? (await readService(api, spec, signal)).nodePort : undefined;
}

function hasAddress({ dnsNames, ipAddresses }: SubjectAltNames): boolean {
  return dnsNames.length + ipAddresses.length > 0;
}

/** Reads the Service by a list, because the published Role of `verify` grants no `get`. */
async function readService(
  api: Pick<KubernetesApi, 'list'>,
  { name, namespace }: ClusterSpec,
  signal: AbortSignal,
): Promise<Service> {
  const selection = selectByName(clusterNames(name).service, namespace);
  const { objects } = await api.list('Service', selection, signal);
  const [service] = objects.map(decodeService);
  return service ?? { type: 'ClusterIP', ingressHostnames: [], ingressIps: [], nodePort: undefined };
}

function noAddressError({ name, namespace }: ClusterSpec): ActionError<'WAIT_TIMEOUT'> {
  const message = `the deadline passed before Service ${name} got an address from a load balancer; the mesh is verified`;
  return problemError('WAIT_TIMEOUT', {
    object: `Service/${name}`,
    reason: 'NoAddress',
    message,
    hint: `Set a longer \`timeout\`, or find out why the Service gets no address: \`kubectl --namespace ${namespace} describe service ${name}\`. The values \`ClusterIP\` and \`NodePort\` of \`service-type\` need no address.`,
  });
}

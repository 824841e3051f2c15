import { serverEnvironment } from '../cluster/server-files.ts';
import type { Path } from './leaves.ts';

/** The variables that the Action sets. None of them contains a secret. */
const OWN_VARIABLES: ReadonlySet<string> = new Set([...Object.values(serverEnvironment), 'GOMEMLIMIT']);

/**
 * The fields of the Kubernetes API whose texts name an object or choose one of a few values (API reference, core/v1,
 * apps/v1, policy/v1, networking.k8s.io/v1). Any other text may be a secret of its author.
 */
const NAMES_AND_CHOICES: ReadonlySet<string> = words(`
  apiVersion kind name namespace apiGroup controller type protocol appProtocol scheme port targetPort medium
  operator effect key action image imagePullPolicy restartPolicy terminationMessagePolicy
  terminationMessagePath serviceName podManagementPolicy whenDeleted whenScaled unhealthyPodEvictionPolicy
  clusterIP ipFamilyPolicy internalTrafficPolicy externalTrafficPolicy sessionAffinity trafficDistribution
  loadBalancerIP loadBalancerClass cidr serviceAccountName serviceAccount schedulerName priorityClassName
  preemptionPolicy nodeName runtimeClassName dnsPolicy hostname subdomain topologyKey whenUnsatisfiable
  nodeAffinityPolicy nodeTaintsPolicy fsGroupChangePolicy supplementalGroupsPolicy procMount volumeMode
  volumeName storageClassName claimName secretName mountPath mountPropagation fieldPath resource containerName
  sizeLimit minAvailable maxUnavailable
`);

/** The lists of such texts. */
const LISTS: ReadonlySet<string> = words(`
  drop add accessModes ipFamilies clusterIPs externalIPs loadBalancerSourceRanges policyTypes except
  finalizers
`);

/** The maps with free keys: the entries below them are never fields of the API. */
const FREE_MAPS: ReadonlySet<string> = words(`
  annotations labels matchLabels nodeSelector selector data stringData binaryData volumeAttributes parameters
  options params
`);

/** Checks whether a value at this place of an object can be shown, regardless of its author. */
export function isShownField(path: Path, value: unknown): boolean {
  if (typeof value !== 'string') return true;
  const [field = '', item = '', list = ''] = path.toReversed();
  if (list === 'env' && field === 'value') return OWN_VARIABLES.has(item.slice(1, -1));
  if (path.slice(0, -1).some((key) => FREE_MAPS.has(key))) return false;
  const isQuantity = list === 'resources' && (item === 'requests' || item === 'limits');
  return NAMES_AND_CHOICES.has(field) || isQuantity || (LISTS.has(item) && field.startsWith('['));
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

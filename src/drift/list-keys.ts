/** The fields by which the API server identifies the items of a list; any other list is compared by index. */
const LIST_KEYS: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ['containers', [['name']]],
  ['initContainers', [['name']]],
  ['volumes', [['name']]],
  ['env', [['name']]],
  ['imagePullSecrets', [['name']]],
  ['volumeMounts', [['mountPath']]],
  ['topologySpreadConstraints', [['topologyKey', 'whenUnsatisfiable']]],
  // The name comes first because probes and Services refer to it.
  ['ports', [['name'], ['containerPort', 'protocol'], ['containerPort'], ['port', 'protocol'], ['port']]],
]);

type Item = Readonly<Record<string, unknown>>;

/**
 * Checks whether other managers may add items to the list under `field`. Any other list belongs to one manager as a
 * whole (`x-kubernetes-list-type: atomic` of the API's OpenAPI document).
 */
export function isSharedList(field: string): boolean {
  return LIST_KEYS.has(field);
}

/** Returns the fields that identify the item in another list under `field`; undefined when the index identifies it. */
export function listKeyOf(field: string, item: Item): readonly string[] | undefined {
  return LIST_KEYS.get(field)?.find((key) => key.every((part) => item[part] !== undefined));
}

/** Returns the name of an item in a path: `nats` of `containers[nats]`, `4222/TCP` of `ports[4222/TCP]`. */
export function listItemName(key: readonly string[], item: Item): string {
  return key.map((part) => String(item[part])).join('/');
}

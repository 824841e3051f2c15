/** The fields by which the API server tells the items of a list apart; any other list is compared by index. */
const LIST_KEYS: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  ['containers', [['name']]],
  ['initContainers', [['name']]],
  ['volumes', [['name']]],
  ['env', [['name']]],
  ['imagePullSecrets', [['name']]],
  ['volumeMounts', [['mountPath']]],
  ['topologySpreadConstraints', [['topologyKey', 'whenUnsatisfiable']]],
  // By name where there is one: it is what probes and Services refer to.
  ['ports', [['name'], ['containerPort', 'protocol'], ['containerPort'], ['port', 'protocol'], ['port']]],
]);

type Item = Readonly<Record<string, unknown>>;

/**
 * Whether others may add items to the list under `field`. Any other list belongs to one writer as a whole
 * (`x-kubernetes-list-type: atomic` of the API's OpenAPI document).
 */
export function isSharedList(field: string): boolean {
  return LIST_KEYS.has(field);
}

/** By which of its fields the item is found in another list under `field`; undefined when by its index. */
export function listKeyOf(field: string, item: Item): readonly string[] | undefined {
  return LIST_KEYS.get(field)?.find((key) => key.every((part) => item[part] !== undefined));
}

/** What an item is called in a path: `nats` of `containers[nats]`, `4222/TCP` of `ports[4222/TCP]`. */
export function listItemName(key: readonly string[], item: Item): string {
  return key.map((part) => String(item[part])).join('/');
}

/** The value of `app.kubernetes.io/managed-by` on everything this Action owns. */
export const MANAGED_BY = 'nats-cluster-action';

/** The owner of every field this Action sets (`fieldManager` of its requests). */
export const FIELD_MANAGER = 'nats-cluster-action';

export type Labels = Readonly<Record<string, string>>;

/**
 * What selects the server pods. A StatefulSet's selector can never change, so this holds nothing that could.
 * The component keeps these pods apart from those of the NATS Helm chart, which shares the other two labels.
 */
export function selectorLabels(name: string): Labels {
  return {
    'app.kubernetes.io/name': 'nats',
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/component': 'server',
  };
}

/** The labels of every object of the cluster `name`, by which they are found again. */
export function objectLabels(name: string): Labels {
  return { ...selectorLabels(name), 'app.kubernetes.io/managed-by': MANAGED_BY };
}

/** On what a rendered chart has installed: Helm writes its own name over who manages it. */
export const RENDERED_ANNOTATION = 'nats-cluster-action/rendered';

/** What `app.kubernetes.io/managed-by` then says. */
export const HELM = 'Helm';

/** The label selector of list and watch requests for the objects of the cluster `name`. */
export function labelSelector(name: string): string {
  return selectorText(objectLabels(name));
}

/** The same, whoever manages them. */
export function nameSelector(name: string): string {
  return selectorText(selectorLabels(name));
}

export function selectorText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

/** The value of `app.kubernetes.io/managed-by` on every object that the Action owns. */
export const MANAGED_BY = 'nats-cluster-action';

/** The owner of every field that the Action sets (`fieldManager` of its requests). */
export const FIELD_MANAGER = 'nats-cluster-action';

export type Labels = Readonly<Record<string, string>>;

/**
 * Returns the labels that select the server pods. They hold nothing that could change, because the selector of a
 * StatefulSet is immutable. The component label separates these pods from those of the NATS Helm chart, which uses the
 * same two other labels.
 */
export function selectorLabels(name: string): Labels {
  return {
    'app.kubernetes.io/name': 'nats',
    'app.kubernetes.io/instance': name,
    'app.kubernetes.io/component': 'server',
  };
}

/** Returns the labels of every object of the cluster `name`. The Action finds the objects again by these labels. */
export function objectLabels(name: string): Labels {
  return { ...selectorLabels(name), 'app.kubernetes.io/managed-by': MANAGED_BY };
}

/**
 * The annotation on objects that a rendered chart installed. Helm overwrites `app.kubernetes.io/managed-by` with its
 * own name, so the label cannot identify them.
 */
export const RENDERED_ANNOTATION = 'nats-cluster-action/rendered';

/** The value of `app.kubernetes.io/managed-by` on objects that Helm installed. */
export const HELM = 'Helm';

/** Returns the label selector for list and watch requests for the objects of the cluster `name`. */
export function labelSelector(name: string): string {
  return selectorText(objectLabels(name));
}

/** Returns the same selector without the manager, so that it also matches objects that another tool manages. */
export function nameSelector(name: string): string {
  return selectorText(selectorLabels(name));
}

export function selectorText(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

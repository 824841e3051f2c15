/** A merge patch (RFC 7386) on objects this Action renders. */
export type Override = {
  readonly kind: string;
  /** What the object is for (`client`), `all` of the kind, or the name of one. */
  readonly role: string;
  readonly patch: Readonly<Record<string, unknown>>;
};

/** As the input names it. */
export function overrideName({ kind, role }: Pick<Override, 'kind' | 'role'>): string {
  return `${kind}/${role}`;
}

/** In place of a role: every object of the kind. */
export const ALL_OF_KIND = 'all';

/** Begins the labels and annotations that this Action keeps its own state in. */
export const OWN_PREFIX = 'nats-cluster-action/';

/** A merge patch (RFC 7386) on objects that the Action renders. */
export type Override = {
  readonly kind: string;
  /** The role of the object (`client`), `all` for every object of the kind, or the name of one object. */
  readonly role: string;
  readonly patch: Readonly<Record<string, unknown>>;
};

/** Returns the name of an override as the input spells it. */
export function overrideName({ kind, role }: Pick<Override, 'kind' | 'role'>): string {
  return `${kind}/${role}`;
}

/** The word that stands in place of a role and selects every object of the kind. */
export const ALL_OF_KIND = 'all';

/** The prefix of the labels and annotations in which the Action keeps its own state. */
export const OWN_PREFIX = 'nats-cluster-action/';

/** Subjects as nats-server takes them; one to subscribe to may be followed by a blank and a queue. */
export type SubjectRules = { readonly allow?: readonly string[]; readonly deny?: readonly string[] };

export type UserPermissions = {
  readonly publish?: SubjectRules;
  readonly subscribe?: SubjectRules;
  /** May publish to the reply subjects of what it received. Absent fields leave the server's defaults. */
  readonly allowResponses?: { readonly max?: number; readonly expiresMs?: number };
};

/** A further user of the applications. */
export type ConfiguredUser = {
  readonly user: string;
  /** In plain text or as bcrypt hash. Absent: a certificate alone says who it is (`verify-and-map`). */
  readonly password?: string;
  /** Absent: may do everything. */
  readonly permissions?: UserPermissions;
};

/** Begins the name of each user that this Action makes for itself. */
export const OWN_USER_PREFIX = 'nats-cluster-action-';

/**
 * The longest name of a client user in characters. A rotation appends `-2`, `-3` and so on, and the common name of a
 * certificate ends at 64 characters (RFC 5280 appendix A, `ub-common-name`): six digits last for a rotation each hour of
 * a century.
 */
export const LONGEST_CLIENT_USER = 64 - '-999999'.length;

/** Whether `user` is the given user or what a rotation calls its successors: `app`, `app-2`, `app-3`. */
export function isGenerationOf(user: string, given: string): boolean {
  return user === given || (user.startsWith(`${given}-`) && /^\d+$/.test(user.slice(given.length + 1)));
}

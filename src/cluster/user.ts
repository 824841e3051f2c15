/** Subjects in the syntax of nats-server. A space and a queue name may follow a subject in `subscribe`. */
export type SubjectRules = { readonly allow?: readonly string[]; readonly deny?: readonly string[] };

export type UserPermissions = {
  readonly publish?: SubjectRules;
  readonly subscribe?: SubjectRules;
  /** The permission to publish to the reply subjects of received messages. Absent fields keep the server's defaults. */
  readonly allowResponses?: { readonly max?: number; readonly expiresMs?: number };
};

/** An additional user of the applications. */
export type ConfiguredUser = {
  readonly user: string;
  /**
   * The password in plain text or as a bcrypt hash. If it is absent, a certificate alone identifies the user
   * (`verify-and-map`).
   */
  readonly password?: string;
  /** The permissions. If they are absent, the user may do everything. */
  readonly permissions?: UserPermissions;
};

/** The prefix of the name of each user that the Action makes for itself. */
export const OWN_USER_PREFIX = 'nats-cluster-action-';

/**
 * The longest name of a client user in characters. A rotation appends `-2`, `-3` and so on, and the common name of a
 * certificate ends at 64 characters (RFC 5280 appendix A, `ub-common-name`). Six digits are enough for one rotation an
 * hour over a century.
 */
export const LONGEST_CLIENT_USER = 64 - '-999999'.length;

/** Checks whether `user` is the given user or one of its successors in a rotation: `app`, `app-2`, `app-3`. */
export function isGenerationOf(user: string, given: string): boolean {
  return user === given || (user.startsWith(`${given}-`) && /^\d+$/.test(user.slice(given.length + 1)));
}

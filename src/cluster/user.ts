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

/** Whether `user` is the given user or what a rotation calls its successors: `app`, `app-2`, `app-3`. */
export function isGenerationOf(user: string, given: string): boolean {
  return user === given || (user.startsWith(`${given}-`) && /^\d+$/.test(user.slice(given.length + 1)));
}

type KnownUser = { readonly user: string; readonly password?: string | undefined };

/** Returns, by name, the users that could no longer authenticate: removed, or with another password. */
export function findLostUsers(before: readonly KnownUser[], after: readonly KnownUser[]): readonly string[] {
  const isKept = ({ user, password }: KnownUser): boolean =>
    after.some((other) => other.user === user && other.password === password);
  return before.filter((user) => !isKept(user)).map(({ user }) => user);
}

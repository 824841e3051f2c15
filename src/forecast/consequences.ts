import type { ServerEffects } from './server-effects.ts';

/** The clients that a reload disconnects. */
export type Disconnections = {
  /** The users that are removed or have another password. */
  readonly lostUsers: readonly string[];
  /** Whether the user's own configuration changes. It is unknown which clients such a configuration accepts. */
  readonly isOwnConfigurationChanged: boolean;
  /** The number of connections that a server closes because they exceed its limit, by pod. */
  readonly closed: ReadonlyMap<string, number>;
};

export type ConsequenceContext = Disconnections & { readonly hasStreams: boolean };

/** Describes the effects on servers and clients, one text for each effect. */
export function describeConsequences(effects: ServerEffects, terms: ConsequenceContext): readonly string[] {
  const { added, removed, replaced, restarted, reloaded } = effects;
  const line = (pods: readonly string[], describe: (count: string) => string, noun: string): readonly string[] =>
    pods.length === 0 ? [] : [`${describe(renderCount(pods.length, noun))}: ${renderNames(pods)}`];
  return [
    ...line(reloaded, (servers) => `reload of ${servers}, ${describeDisconnections(terms)}`, 'server'),
    ...line(replaced, (pods) => `replacement of ${pods} at once`, 'stuck pod'),
    ...line(restarted, (pods) => `rolling restart (mesh verified after each server) of ${pods}`, 'pod'),
    ...line(added, (servers) => `start of ${servers}`, 'server'),
    ...line(
      removed,
      (servers) => `removal of ${servers}${terms.hasStreams ? ' (streams move to other servers first)' : ''}`,
      'server',
    ),
  ];
}

/** Describes the clients that a reload disconnects. The plan, the log and the summary all use this text. */
export function describeDisconnections({ lostUsers, isOwnConfigurationChanged, closed }: Disconnections): string {
  const ofUsers = lostUsers.length > 0 ? [`clients of ${renderNames(lostUsers)} disconnected`] : [];
  const ofConfiguration = isOwnConfigurationChanged ? ['clients disconnected that config no longer accepts'] : [];
  const beyond = [...closed].map(
    ([pod, count]) => `${renderCount(count, 'connection')} of ${pod} closed by max-connections`,
  );
  const all = [...ofUsers, ...ofConfiguration, ...beyond];
  if (all.length === 1 && isOwnConfigurationChanged) return 'only clients disconnected that config no longer accepts';
  return all.length === 0 ? 'no client disconnected' : `${all.join(', ')}, no other client affected`;
}

function renderCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

const MAX_NAMED = 6;

function renderNames(names: readonly string[]): string {
  if (names.length <= MAX_NAMED) return names.join(', ');
  return `${names.slice(0, MAX_NAMED - 2).join(', ')}, … ${names.at(-1)}`;
}

type KnownUser = { readonly user: string; readonly password?: string | undefined };

/** Returns, by name, the users that could no longer authenticate: removed, or with another password. */
export function findLostUsers(before: readonly KnownUser[], after: readonly KnownUser[]): readonly string[] {
  const isKept = ({ user, password }: KnownUser): boolean =>
    after.some((other) => other.user === user && other.password === password);
  return before.filter((user) => !isKept(user)).map(({ user }) => user);
}

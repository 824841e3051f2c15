import type { ServerEffects } from './server-effects.ts';

export type ConsequenceTerms = {
  readonly hasStreams: boolean;
  /** Whose user is gone or has another password: a reload disconnects them. */
  readonly lostUsers: readonly string[];
  /** Whether the user's own configuration changes, in which nobody knows whom it lets in. */
  readonly isOwnConfigurationChanged: boolean;
};

/** What happens to servers and clients, in words; empty when nothing does. */
export function consequences(effects: ServerEffects, terms: ConsequenceTerms): readonly string[] {
  const { added, removed, replaced, restarted, reloaded } = effects;
  const line = (pods: readonly string[], said: (count: string) => string, what: string): readonly string[] =>
    pods.length === 0 ? [] : [`${said(counted(pods.length, what))}: ${named(pods)}`];
  return [
    ...line(reloaded, (servers) => `reload of ${servers}, ${disconnected(terms)}`, 'server'),
    ...line(replaced, (pods) => `replacement of ${pods} at once, as no waiting heals them`, 'pod'),
    ...line(restarted, (pods) => `rolling restart of ${pods}, one after the other, the mesh judged between`, 'pod'),
    ...line(added, (servers) => `start of ${servers}`, 'server'),
    ...line(
      removed,
      (servers) => `end of ${servers}${terms.hasStreams ? ', whose streams move to the others first' : ''}`,
      'server',
    ),
  ];
}

function disconnected({ lostUsers, isOwnConfigurationChanged }: ConsequenceTerms): string {
  if (lostUsers.length > 0) return `clients of ${named(lostUsers)} disconnected, nobody else`;
  return isOwnConfigurationChanged
    ? 'only clients disconnected that config no longer lets in'
    : 'no client disconnected';
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

const MOST_NAMED = 6;

function named(names: readonly string[]): string {
  if (names.length <= MOST_NAMED) return names.join(', ');
  return `${names.slice(0, MOST_NAMED - 2).join(', ')}, … ${names.at(-1)}`;
}

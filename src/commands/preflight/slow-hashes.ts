import type { ConfiguredUser } from '../../cluster/user.ts';
import { bcryptCost } from '../../inputs/users.ts';
import type { Runner } from '../../runner/runner.ts';

/** The highest cost without a warning. Measured: about 75 ms at this cost, twice as much for each step above. */
const HIGHEST_COST = 10;

/**
 * Warns of users with slow password hashes. nats-server hashes again at every connect, and at a reload once for each
 * connected client, one after the other.
 */
export function warnOfSlowHashes({ warning }: Pick<Runner, 'warning'>, users: readonly ConfiguredUser[]): void {
  const slow = users.filter(({ password }) => (bcryptCost(password ?? '') ?? 0) > HIGHEST_COST);
  if (slow.length === 0) {
    return;
  }
  const names = slow.slice(0, 10).map(({ user, password }) => `${user} (${bcryptCost(password ?? '')})`);
  const more = slow.length > names.length ? ` and ${slow.length - names.length} more` : '';
  warning(
    'users',
    `bcrypt cost above ${HIGHEST_COST}: ${names.join(', ')}${more}. Each connection of theirs costs a server more than 0.1 s of computing, and each reload as much again for every one of them that is connected. Cost ${HIGHEST_COST} is enough for long random passwords.`,
  );
}

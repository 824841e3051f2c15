import { presentedBy, type Track } from './track.ts';

/**
 * Returns the credentials that a server requires of its peers (`cluster.authorization`; undefined requires none), and
 * those that it presents to them in its route URLs. A server supports a single route user (nats-io/nats-server#3490),
 * so it cannot accept two at a time as other tracks do. Instead it accepts every peer in between: the route
 * certificates still keep unknown peers out.
 */
export function routeAuthorization<Credentials>(track: Track<Credentials>): {
  readonly accepted: Credentials | undefined;
  readonly presented: Credentials;
} {
  const presented = presentedBy(track);
  switch (track.phase) {
    case 'idle':
    case 'drop-old':
      return { accepted: presented, presented };
    case 'trust-both':
    case 'swap-leaves':
    case 'overlap':
      return { accepted: undefined, presented };
  }
}

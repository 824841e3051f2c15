import { presentedBy, type Track } from './track.ts';

/**
 * What a server asks of its peers (`cluster.authorization`; undefined asks for none) and what it shows them in its
 * route URLs. A server knows a single route user (nats-io/nats-server#3490), so it cannot accept two at a time as a
 * track has it elsewhere. Instead it accepts anyone in between: the route certificates still keep strangers out.
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

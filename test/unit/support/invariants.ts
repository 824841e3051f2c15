import type { Model, State } from './model.ts';
import { accepts, type Load, type Reader } from './rotation-kinds.ts';

/** Returns the first violated rule of this state; undefined without a violation. */
export function violatedRule(model: Model, state: State): string | undefined {
  return peerRefused(model, state) ?? clientRefused(model, state);
}

/** Checks each server against every running server, both as it runs and as it would run after a restart. */
function peerRefused(model: Model, { servers, store }: State): string | undefined {
  if (!model.rotated.betweenServers) return undefined;
  const load = (codes: string): Load => model.loads.get(codes.charAt(0));
  const agree = (one: Load, other: Load): boolean =>
    accepts(one.accepts, other.presents) && accepts(other.accepts, one.presents);
  const running = servers.map(({ memory }) => (memory === undefined ? undefined : load(memory)));
  for (const [index, server] of servers.entries()) {
    const peers = running.filter((peer, other) => peer !== undefined && other !== index);
    const refused = (codes: string) => peers.some((peer) => peer !== undefined && !agree(load(codes), peer));
    if (server.memory !== undefined && refused(server.memory)) return 'a server refuses a peer';
    if (refused(server.volume)) return 'a server whose container restarts is refused by a peer';
    if (refused(store)) return 'a server whose pod restarts is refused by a peer';
  }
  const joins = servers.length < model.size;
  return joins && running.some((peer) => peer !== undefined && !agree(load(store), peer))
    ? 'a server that joins is refused by a peer'
    : undefined;
}

/**
 * Checks each client that may still exist against every server, both as it runs and as it would run after a restart.
 */
function clientRefused(model: Model, { servers, store, held, published }: State): string | undefined {
  const loads = new Set(servers.flatMap(({ memory, volume }) => [memory ?? volume, volume, store]));
  for (const code of held) {
    const reader = model.readers.get(code);
    for (const codes of loads) {
      if (!serves(model.loads.get(codes.charAt(0)), reader)) {
        return code === published ? 'a client of today is refused' : 'a client that read earlier is refused';
      }
    }
  }
  return undefined;
}

function serves(load: Load, reader: Reader): boolean {
  const verified = accepts(reader.verifies, load.presents) || (load.cross && accepts(reader.verifies, 'old'));
  return verified && accepts(load.accepts, reader.presents);
}

/** Checks whether the rotation is over: every part uses the new value, and the old one is refused. */
export function isDone(model: Model, { stored, servers, store, run }: State): boolean {
  const { accepts: accepted, presents } = model.loads.get(store.charAt(0));
  return (
    run === undefined &&
    stored.phase === 'idle' &&
    stored.current === 'new' &&
    presents === 'new' &&
    !accepts(accepted, 'old') &&
    servers.every(({ memory }) => memory === store)
  );
}

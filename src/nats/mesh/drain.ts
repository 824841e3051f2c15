import {
  findStreamsWiderThan,
  formatStreams,
  type JetStreamRequest,
  type StoredStream,
  type StreamStore,
} from './jetstream.ts';
import type { Varz } from './monitoring.ts';
import type { Health } from './stream-replicas.ts';

/**
 * The answers of the leaving server, requested in this order: the list of its streams counts only if it was healthy
 * before.
 */
export type DrainingServer = { readonly varz: Varz; readonly health: Health; readonly store: StreamStore };

export type DrainView = {
  /** The `server_name` of the leaving server. */
  readonly leaving: string;
  /** The answers of the leaving server; undefined while it does not answer. */
  readonly seen: DrainingServer | undefined;
  /** The staying servers by `server_name`; undefined while a server does not answer. */
  readonly staying: ReadonlyMap<string, Varz | undefined>;
};

/** The next step, chosen so that the removal of the server loses no data. */
export type DrainStep =
  | { readonly kind: 'wait'; readonly why: string }
  /** The streams have more replicas than the number of servers that stay, so they cannot be moved. */
  | { readonly kind: 'refuse'; readonly streams: readonly StoredStream[] }
  | { readonly kind: 'move'; readonly streams: readonly StoredStream[]; readonly why: string }
  /** The meta leader cannot answer the request to remove itself, so another server has to lead first. */
  | { readonly kind: 'step-down' }
  | { readonly kind: 'remove' }
  /** The server has left the meta group, and holds no stream. */
  | { readonly kind: 'left' };

/** The number of streams that move at the same time; it is limited because each stream is copied whole. */
const MOVING_AT_ONCE = 8;

/**
 * Returns the next step. Each step depends only on the observed state, so that a later run can continue after a run
 * that was killed.
 */
export function chooseDrainStep({ leaving, seen, staying }: DrainView): DrainStep {
  const silent = [...staying].flatMap(([name, varz]) => (varz === undefined ? [name] : []));
  if (silent.length > 0) {
    return wait(`waits for an answer of ${silent.join(', ')}, to which its streams may move`);
  }
  const group = findAgreedGroup(
    [...staying.values()].flatMap((varz) => varz ?? []),
    seen?.varz,
  );
  if (group === undefined) {
    return wait('waits for a JetStream meta leader');
  }
  if (!group.members.has(leaving) && group.members.size === group.size) {
    return { kind: 'left' };
  }
  if (seen === undefined) {
    return wait('does not answer, so its streams are unknown');
  }
  const { health, store } = seen;
  const tooWide = findStreamsWiderThan(staying.size, store.streams);
  if (tooWide.length > 0) {
    return { kind: 'refuse', streams: tooWide };
  }
  if (store.streams.length > 0) {
    return moveStreams(store.streams);
  }
  if (store.isDisabled || health.problem !== undefined) {
    // A server that has just started has not found its streams yet.
    return wait(`holds no stream, but is not healthy (${health.problem ?? 'JetStream is off'})`);
  }
  if (group.leader === leaving) {
    return { kind: 'step-down' };
  }
  return [...staying.keys()].every((name) => group.members.has(name))
    ? { kind: 'remove' }
    : wait('waits for the other servers to be members of the JetStream meta group');
}

/** Returns the requests to the meta leader for this step. */
export function createDrainRequests(step: DrainStep, leaving: string): readonly JetStreamRequest[] {
  switch (step.kind) {
    case 'move':
      return step.streams.map(({ account, name }) => ({ kind: 'move', account, stream: name, from: leaving }));
    case 'step-down':
      return [{ kind: 'step-down' }];
    case 'remove':
      return [{ kind: 'remove', server: leaving }];
    case 'wait':
    case 'refuse':
    case 'left':
      return [];
  }
}

function wait(why: string): DrainStep {
  return { kind: 'wait', why };
}

function moveStreams(streams: readonly StoredStream[]): DrainStep {
  const under = streams.filter(({ isMoving }) => isMoving);
  const next = streams.filter(({ isMoving }) => !isMoving).slice(0, Math.max(0, MOVING_AT_ONCE - under.length));
  const why = `${streams.length} streams to move away: ${formatStreams(streams)}`;
  return { kind: 'move', streams: next, why };
}

type Group = { readonly leader: string; readonly members: ReadonlySet<string>; readonly size: number };

/**
 * Returns the meta group that these servers agree on, or undefined without agreement. The members are taken from the
 * leader, because before 2.12 no other server knows them, or else from a server that lists them. The answer of the
 * server `other` counts only if these servers name `other` as leader. A server that has just started may be missing
 * from the leader's list, and may count itself, so only the members have to agree on the size.
 */
export function findAgreedGroup(servers: readonly Varz[], other?: Varz): Group | undefined {
  const leader = servers[0]?.jetstream?.metaGroup?.leader;
  if (leader === undefined || servers.some(({ jetstream }) => jetstream?.metaGroup?.leader !== leader)) {
    return undefined;
  }
  const known = [...servers, ...(other === undefined ? [] : [other])];
  const leading = known.find(({ serverName }) => serverName === leader);
  const listing = leading ?? servers.find(listsOthers);
  const names = listing?.jetstream?.metaGroup?.replicas.map(({ name }) => name) ?? [];
  const members = new Set([leader, ...(listing === undefined ? [] : [listing.serverName]), ...names]);
  const isComplete = leading !== undefined && listsOthers(leading);
  const counted = isComplete ? servers.filter(({ serverName }) => members.has(serverName)) : servers;
  const sizes = new Set(counted.map(({ jetstream }) => jetstream?.metaGroup?.size ?? 0));
  const [size] = sizes;
  return size === undefined || sizes.size > 1 ? undefined : { leader, size, members };
}

/** Checks whether a server lists all members that it counts. */
function listsOthers({ jetstream }: Varz): boolean {
  const { replicas = [], size = 0 } = jetstream?.metaGroup ?? {};
  return replicas.length + 1 >= size;
}

/** The answers of one requested server; undefined if it does not answer. */
export type ServerAnswer = { readonly varz: Varz; readonly store: StreamStore } | undefined;

export type HeldStream = StoredStream & {
  /** The server that holds a replica of the stream. */
  readonly server: string;
};

export type HeldStreams =
  | { readonly kind: 'known'; readonly members: ReadonlySet<string>; readonly streams: readonly HeldStream[] }
  /** The members that do not answer (`silent`); empty if the servers do not agree about a meta leader. */
  | { readonly kind: 'unknown'; readonly silent: readonly string[] };

/**
 * Collects the streams of all servers, by `server_name`. The result is known if enough servers answer to find every
 * stream of more than `staying` replicas: more than `staying` servers hold such a stream, so that only more than
 * `staying` silent servers could hide it.
 */
export function collectStreams(answers: ReadonlyMap<string, ServerAnswer>, staying: number): HeldStreams {
  const running = [...answers].flatMap(([server, one]) =>
    one === undefined || one.store.isDisabled ? [] : [{ server, ...one }],
  );
  const group = findAgreedGroup(running.map(({ varz }) => varz));
  if (group === undefined) {
    return { kind: 'unknown', silent: [] };
  }
  const silent = [...group.members].filter((name) => answers.get(name) === undefined);
  return silent.length > staying
    ? { kind: 'unknown', silent }
    : {
        kind: 'known',
        members: group.members,
        streams: running.flatMap(({ server, store }) => store.streams.map((stream) => ({ ...stream, server }))),
      };
}

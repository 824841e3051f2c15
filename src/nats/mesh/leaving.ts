import type { Health } from './healthz.ts';
import type { JetStreamRequest } from './jetstream-api.ts';
import { type StoredStream, type StreamStore, streamsSaid, streamsWiderThan } from './jsz.ts';
import type { Varz } from './varz.ts';

/** What the server that is to leave says, asked for in this order: what it holds counts where it was healthy. */
export type LeavingServer = { readonly varz: Varz; readonly health: Health; readonly store: StreamStore };

export type LeavingView = {
  /** The `server_name` of the one that is to leave. */
  readonly leaving: string;
  /** Undefined while it does not answer. */
  readonly seen: LeavingServer | undefined;
  /** Those that stay, by `server_name`; undefined while one does not answer. */
  readonly staying: ReadonlyMap<string, Varz | undefined>;
};

/** What is to be done next, so that nothing is lost when the server goes. */
export type LeavingStep =
  | { readonly kind: 'wait'; readonly why: string }
  /** More replicas than servers stay: no move makes room for them. */
  | { readonly kind: 'refuse'; readonly streams: readonly StoredStream[] }
  | { readonly kind: 'move'; readonly streams: readonly StoredStream[]; readonly why: string }
  /** The meta leader can't answer to its own removal. */
  | { readonly kind: 'step-down' }
  | { readonly kind: 'remove' }
  /** It is none of the meta group any more, and holds nothing. */
  | { readonly kind: 'left' };

/** So many streams move at the same time, as each is copied whole. */
const MOVING_AT_ONCE = 8;

/** One step; the next is decided by what is seen after it, so that a run that was killed goes on where it was. */
export function leavingStep({ leaving, seen, staying }: LeavingView): LeavingStep {
  const silent = [...staying].flatMap(([name, varz]) => (varz === undefined ? [name] : []));
  if (silent.length > 0) {
    return wait(`waits for ${silent.join(', ')} to answer, which its streams may move to`);
  }
  const group = agreedGroup(
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
    return wait('does not answer, so that nobody knows what it holds');
  }
  const { health, store } = seen;
  const tooWide = streamsWiderThan(staying.size, store.streams);
  if (tooWide.length > 0) {
    return { kind: 'refuse', streams: tooWide };
  }
  if (store.streams.length > 0) {
    return moving(store.streams);
  }
  if (store.isDisabled || health.problem !== undefined) {
    // One that has just started is yet to find its streams.
    return wait(`holds no stream, but is not healthy (${health.problem ?? 'JetStream is off'})`);
  }
  if (group.leader === leaving) {
    return { kind: 'step-down' };
  }
  return [...staying.keys()].every((name) => group.members.has(name))
    ? { kind: 'remove' }
    : wait('waits for the other servers to be members of the JetStream meta group');
}

/** What the meta leader is to be asked for, for this step. */
export function requestsOf(step: LeavingStep, leaving: string): readonly JetStreamRequest[] {
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

function wait(why: string): LeavingStep {
  return { kind: 'wait', why };
}

function moving(streams: readonly StoredStream[]): LeavingStep {
  const under = streams.filter(({ isMoving }) => isMoving);
  const next = streams.filter(({ isMoving }) => !isMoving).slice(0, Math.max(0, MOVING_AT_ONCE - under.length));
  const why = `${streams.length} streams to move away: ${streamsSaid(streams)}`;
  return { kind: 'move', streams: next, why };
}

type Group = { readonly leader: string; readonly members: ReadonlySet<string>; readonly size: number };

/**
 * The meta group that these servers agree on, in the words of its leader, before 2.12 the only one who knows it, or else
 * of one who lists it. `other`: a server whose word counts only if they name it as leader. Undefined without agreement.
 */
export function agreedGroup(servers: readonly Varz[], other?: Varz): Group | undefined {
  const first = servers[0]?.jetstream?.metaGroup;
  const { leader, size = 0 } = first ?? {};
  const isAgreed = servers.every(({ jetstream }) => {
    return jetstream?.metaGroup?.leader === leader && jetstream?.metaGroup?.size === size;
  });
  if (leader === undefined || !isAgreed) {
    return undefined;
  }
  const known = [...servers, ...(other === undefined ? [] : [other])];
  const told =
    known.find(({ serverName }) => serverName === leader) ?? servers.find((server) => listsOthers(server, size));
  const names = told?.jetstream?.metaGroup?.replicas.map(({ name }) => name) ?? [];
  return { leader, size, members: new Set([leader, ...(told === undefined ? [] : [told.serverName]), ...names]) };
}

function listsOthers({ jetstream }: Varz, size: number): boolean {
  return (jetstream?.metaGroup?.replicas.length ?? 0) + 1 >= size;
}

/** What one server of those that were asked says; undefined where it doesn't answer. */
export type ToldServer = { readonly varz: Varz; readonly store: StreamStore } | undefined;

export type HeldStream = StoredStream & {
  /** Who holds a replica of it. */
  readonly server: string;
};

export type HeldStreams =
  | { readonly kind: 'known'; readonly members: ReadonlySet<string>; readonly streams: readonly HeldStream[] }
  /** `silent`: the members that don't answer; none where there is no agreement about a meta leader. */
  | { readonly kind: 'unknown'; readonly silent: readonly string[] };

/**
 * Whether enough servers, by `server_name`, tell what they hold to know of every stream of more than `staying` replicas:
 * it is on more servers than that, so only more than that could hide it.
 */
export function heldStreams(told: ReadonlyMap<string, ToldServer>, staying: number): HeldStreams {
  const running = [...told].flatMap(([server, one]) =>
    one === undefined || one.store.isDisabled ? [] : [{ server, ...one }],
  );
  const group = agreedGroup(running.map(({ varz }) => varz));
  if (group === undefined) {
    return { kind: 'unknown', silent: [] };
  }
  const silent = [...group.members].filter((name) => told.get(name) === undefined);
  return silent.length > staying
    ? { kind: 'unknown', silent }
    : {
        kind: 'known',
        members: group.members,
        streams: running.flatMap(({ server, store }) => store.streams.map((stream) => ({ ...stream, server }))),
      };
}

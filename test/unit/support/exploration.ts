import { isDone, violatedRule } from './invariants.ts';
import { type Event, Model, type Server, type State } from './model.ts';
import type { Rotated } from './rotation-kinds.ts';

export type Exploration = {
  readonly states: number;
  /** The violated rule and the events that lead to the violation; undefined when no reachable state violates a rule. */
  readonly violation: { readonly rule: string; readonly trace: readonly string[] } | undefined;
};

type Visit = { readonly from: string | undefined; readonly event: string; readonly next: string | undefined };

/**
 * Returns every state that an interleaving of events can reach. States that differ only in the order of servers are
 * one.
 */
export function explore(rotated: Rotated, size: number): Exploration {
  const model = new Model(rotated, size);
  const start = model.initial();
  const seen = new Set([keyOf(start)]);
  const visits = new Map<string, Visit>();
  const queue: { readonly state: State; readonly from: string | undefined; readonly event: string }[] = [
    { state: start, from: undefined, event: 'start' },
  ];
  for (let at = 0; at < queue.length; at++) {
    const visited = queue[at];
    if (visited === undefined) break;
    const { state, from, event } = visited;
    const key = keyOf(state);
    const events = model.events(state);
    const forward = isDone(model, state) ? undefined : wayForward(state, events);
    visits.set(key, { from, event, next: forward === undefined ? undefined : keyOf(forward.state) });
    const rule = violatedRule(model, state);
    if (rule !== undefined) return { states: seen.size, violation: { rule, trace: traceTo(key, visits) } };
    for (const one of events) {
      const found = keyOf(one.state);
      if (!seen.has(found)) {
        seen.add(found);
        queue.push({ state: one.state, from: key, event: one.name });
      }
    }
  }
  const stuck = firstStuck(
    visits,
    queue.filter(({ state }) => isDone(model, state)).map(({ state }) => keyOf(state)),
  );
  const rule = 'a run that nothing disturbs does not end the rotation';
  return {
    states: seen.size,
    violation: stuck === undefined ? undefined : { rule, trace: traceTo(stuck, visits) },
  };
}

/**
 * Returns the next event without disturbances: stopped servers start, the kubelet updates volumes, the run continues,
 * time passes.
 */
function wayForward(state: State, events: readonly Event[]): Event | undefined {
  const named = (name: string): Event | undefined => events.find((event) => event.name === name);
  const waits = 'since' in state.stored && state.stored.since !== undefined && !state.isOver;
  if (state.run === undefined) {
    return (
      named('start the container') ??
      (waits ? named('the overlap passes') : undefined) ??
      named('rotate') ??
      named('deploy')
    );
  }
  const ofRun = ['start the container', 'annotate', 'refresh the volume', 'reload', 'verify', 'all verified'];
  const order = state.run === 'gate' ? ofRun : ['begin', `write ${state.run}`, 'advance'];
  return order.map(named).find((event) => event !== undefined);
}

/** Returns the first state from which the events without disturbances do not reach an end, but stop earlier or loop. */
function firstStuck(visits: ReadonlyMap<string, Visit>, ends: readonly string[]): string | undefined {
  const good = new Set(ends);
  for (const key of visits.keys()) {
    const way = new Set<string>();
    let at: string | undefined = key;
    while (at !== undefined && !good.has(at) && !way.has(at)) {
      way.add(at);
      at = visits.get(at)?.next;
    }
    if (at === undefined || way.has(at)) return key;
    for (const passed of way) good.add(passed);
  }
  return undefined;
}

function traceTo(key: string, visits: ReadonlyMap<string, Visit>): readonly string[] {
  const trace: string[] = [];
  for (let at = visits.get(key); at !== undefined; at = at.from === undefined ? undefined : visits.get(at.from)) {
    trace.unshift(at.event);
  }
  return trace;
}

/**
 * Returns the key of a state. States that differ only in the order of servers have the same key. The key is short (one
 * letter for a phase), because building keys takes most of the time.
 */
function keyOf({ stored, isOver, store, published, held, servers, run }: State): string {
  const waits = 'since' in stored && stored.since !== undefined;
  const track = `${stored.phase.charAt(0)}${stored.current.charAt(0)}${waits ? 'w' : ''}${isOver ? 'o' : ''}`;
  const step = typeof run === 'string' ? run.charAt(0) : (run ?? '');
  return `${track} ${store} ${published} ${held} ${step} ${servers.map(serverKey).sort().join(' ')}`;
}

function serverKey({ volume, memory, gate }: Server): string {
  return `${volume}${memory ?? '-'}${gate.charAt(0)}`;
}

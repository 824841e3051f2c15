import type { Track } from '../../../src/rotation/track.ts';
import { type Load, type Reader, type Rotated, type Value } from './rotation-kinds.ts';

/**
 * A pod. `volume` and `memory` have one digit for each mounted object, which stands for its content: on the volume, and
 * as the server has loaded it. `gate` is what the run knows about the pod.
 */
export type Server = {
  readonly volume: string;
  /** The loaded contents; undefined while the process does not run. */
  readonly memory: string | undefined;
  readonly gate: 'unknown' | 'annotated' | 'verified';
};

/** The position of a run: before the write with this number, or at a name. */
type Step = 'begin' | number | 'gate' | 'advance';

/** A state of the model. Its only time is `isOver`: whether the overlap has passed since the track began to wait. */
export type State = {
  readonly stored: Track<Value>;
  readonly isOver: boolean;
  /** One digit for each object that servers mount. */
  readonly store: string;
  readonly published: string;
  /** Every content of the published object that some client may still use, including the present one. */
  readonly held: string;
  readonly servers: readonly Server[];
  /** The position of the run. At most one run exists, because of the lock. */
  readonly run: Step | undefined;
};

export type Event = { readonly name: string; readonly server?: number; readonly state: State };

const EPOCH = new Date(0);

/** The possible contents, distinguished by their effect, so that phases with the same effect are one state. */
class Contents<Content> {
  readonly #all: Content[] = [];
  readonly #codes = new Map<string, string>();

  codeOf(content: Content): string {
    const text = JSON.stringify(content);
    const code = this.#codes.get(text) ?? String(this.#all.push(content) - 1);
    this.#codes.set(text, code);
    return code;
  }

  get(code: string): Content {
    const content = this.#all[Number(code)];
    if (content === undefined) throw new Error(`no content ${code}`);
    return content;
  }
}

/** The possible events of a cluster of up to `size` servers, one atomic step at a time. */
export class Model {
  readonly loads = new Contents<Load>();
  readonly readers = new Contents<Reader>();
  readonly rotated: Rotated;
  readonly size: number;
  readonly #overlapMs: number;

  constructor(rotated: Rotated, size: number) {
    this.rotated = rotated;
    this.size = size;
    this.#overlapMs = rotated.published === undefined ? 0 : 1;
  }

  initial(): State {
    const stored: Track<Value> = { phase: 'idle', current: 'old' };
    const store = this.loads.codeOf(this.rotated.load(stored)).repeat(this.rotated.objects);
    const published = this.#publishedBy(stored);
    const server: Server = { volume: store, memory: store, gate: 'unknown' };
    const servers = Array.from({ length: this.size }, () => server);
    return { stored, isOver: false, store, published, held: published, servers, run: undefined };
  }

  events(state: State): readonly Event[] {
    return [...this.#runEvents(state), ...this.#clusterEvents(state)];
  }

  /** Returns the next events of the run, or of a new run: the events without disturbances. */
  #runEvents(state: State): readonly Event[] {
    const { run, stored } = state;
    if (run === undefined) {
      const begins = stored.phase === 'idle' && stored.current === 'old';
      const deploy: Event = { name: 'deploy', state: restarted(state, 0) };
      return begins ? [{ name: 'rotate', state: restarted(state, 'begin') }, deploy] : [deploy];
    }
    const crash: Event = { name: 'the run dies', state: restarted(state, undefined) };
    if (run === 'begin') return [{ name: 'begin', state: tracked(state, this.rotated.begun(stored)) }, crash];
    if (run === 'gate') return [...this.#gateEvents(state), crash];
    if (run === 'advance') return [{ name: 'advance', state: this.#advanced(state) }, crash];
    return [{ name: `write ${run}`, state: this.#written(state, run) }, crash];
  }

  #advanced(state: State): State {
    const { rotated } = this;
    const now = new Date(state.isOver ? this.#overlapMs : 0);
    const next = rotated.advanced(state.stored, { now, overlapMs: this.#overlapMs, waitsIn: rotated.waitsIn });
    return next === state.stored ? restarted(state, undefined) : tracked(state, next);
  }

  #written(state: State, write: number): State {
    const { load, objects } = this.rotated;
    const run = write === objects ? 'gate' : write + 1;
    if (write === 0) {
      const published = this.#publishedBy(state.stored);
      return {
        ...state,
        run,
        published,
        held: [...new Set(Array.from(state.held)).add(published)].toSorted().join(''),
      };
    }
    return { ...state, run, store: replaced(state.store, write - 1, this.loads.codeOf(load(state.stored))) };
  }

  #gateEvents(state: State): readonly Event[] {
    const { unverified, waitsForStopped } = this.rotated;
    const follows = (server: Server) => server.gate === 'verified' || (!waitsForStopped && server.memory === undefined);
    if (unverified.includes(state.stored.phase) || state.servers.every(follows)) {
      return [{ name: 'all verified', state: { ...state, run: 'advance' } }];
    }
    return ofEachKind(state.servers).flatMap(([index, server]): readonly Event[] => {
      const { volume, memory, gate } = server;
      const becomes = (name: string, change: Partial<Server>) => [
        changed(name, state, index, { ...server, ...change }),
      ];
      if (gate === 'unknown') return becomes('annotate', { gate: 'annotated' });
      if (gate === 'verified' || memory === undefined) return [];
      const isReloaded = this.rotated.reloads === 'any object' || memory.at(-1) !== state.store.at(-1);
      return [
        ...(memory === volume || !isReloaded ? [] : becomes('reload', { memory: volume })),
        ...(this.#isVerified(memory, state.store) ? becomes('verify', { gate: 'verified' }) : []),
      ];
    });
  }

  #isVerified(memory: string, store: string): boolean {
    return this.rotated.proof === 'load' ? memory === store : memory.at(-1) === store.at(-1);
  }

  /** Returns the events that the run does not control. */
  #clusterEvents(state: State): readonly Event[] {
    const { servers, store } = state;
    const fresh: Server = { volume: store, memory: undefined, gate: 'unknown' };
    const kinds = ofEachKind(servers);
    const sized = (name: string, list: readonly Server[]): Event => ({ name, state: { ...state, servers: list } });
    return [
      ...(this.#overlapMs === 0 ? [] : [{ name: 'the overlap passes', state: later(state) }]),
      ...(servers.length < this.size ? [sized('scale up', [...servers, fresh])] : []),
      ...(servers.length > 1 ? kinds.map(([index]) => sized('scale down', servers.toSpliced(index, 1))) : []),
      ...kinds.flatMap(([index, server]) => this.#podEvents(state, server, index)),
    ];
  }

  #podEvents(state: State, server: Server, index: number): readonly Event[] {
    const { store } = state;
    const becomes = (name: string, change: Partial<Server>) => changed(name, state, index, { ...server, ...change });
    // The kubelet watches each Secret separately, so a Secret may reach the volume before another one that was written
    // earlier.
    const refreshes = Array.from(store).flatMap((code, object) =>
      server.volume[object] === code
        ? []
        : [becomes('refresh the volume', { volume: replaced(server.volume, object, code) })],
    );
    return [
      ...refreshes,
      server.memory === undefined
        ? becomes('start the container', { memory: server.volume })
        : becomes('the container stops', { memory: undefined }),
      becomes('replace the pod', { volume: store, memory: undefined }),
    ];
  }

  #publishedBy(track: Track<Value>): string {
    return this.rotated.published === undefined ? '' : this.readers.codeOf(this.rotated.published(track));
  }
}

/** Starts the next run, which does not know the checks of the previous one. */
function restarted(state: State, run: State['run']): State {
  return { ...state, run, servers: state.servers.map((server) => ({ ...server, gate: 'unknown' })) };
}

/** Writes the track. If the track waits for the overlap, the wait begins now. */
function tracked(state: State, track: Track<Value>): State {
  const waits = 'since' in track && track.since !== undefined;
  return { ...restarted(state, 0), isOver: false, stored: waits ? { ...track, since: EPOCH } : track };
}

/** Ends the overlap: by now, every client has read the published object again. */
function later(state: State): State {
  const { stored } = state;
  return { ...state, isOver: 'since' in stored && stored.since !== undefined, held: state.published };
}

/** Returns one server for each group of equal ones, because an event of any of them leads to the same state. */
function ofEachKind(servers: readonly Server[]): readonly (readonly [number, Server])[] {
  const alike = (one: Server, other: Server): boolean =>
    one.volume === other.volume && one.memory === other.memory && one.gate === other.gate;
  return [...servers.entries()].filter(([at, server]) => servers.findIndex((one) => alike(one, server)) === at);
}

function changed(name: string, state: State, index: number, server: Server): Event {
  return { name, server: index, state: { ...state, servers: state.servers.with(index, server) } };
}

function replaced(codes: string, index: number, code: string): string {
  return `${codes.slice(0, index)}${code}${codes.slice(index + 1)}`;
}

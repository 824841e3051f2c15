/** The profile that V8 writes (Chrome DevTools Protocol, `Profiler.Profile`); times in µs of the monotonic clock. */
export type CpuProfile = {
  readonly nodes: readonly ProfileNode[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
};

type ProfileNode = {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  readonly children?: readonly number[];
};

/** One activity with a duration, in milliseconds since the start of the process. */
export type Span = { readonly activity: string; readonly fromMs: number; readonly toMs: number };

/** A part of a run's time. */
export type Slice = {
  readonly fromMs: number;
  readonly toMs: number;
  /** The part of the run in which the slice ends. */
  readonly part: string;
  /**
   * The running time of each owner of code in the slice, in milliseconds, the longest first. The rest of the slice was
   * waiting.
   */
  readonly ran: Readonly<Record<string, number>>;
  /** The requests to the API server that are not answered yet, in a line. */
  readonly asked: string;
};

export type Profiled = {
  readonly profile: CpuProfile;
  /** The start of the run in µs of the monotonic clock, and its duration. */
  readonly startedAt: number;
  readonly elapsedMs: number;
  /** Returns the owner of a line of a script: its module. */
  readonly moduleAt: (url: string, line: number) => string | undefined;
  readonly parts: readonly Span[];
  readonly requests: readonly Span[];
};

const BEFORE_PROFILER = 'node, before it can be profiled';

/** Returns the use of time in every `sliceMs` of a run. */
export function slicesOf(profiled: Profiled, sliceMs: number): readonly Slice[] {
  const ran = ranSpans(profiled);
  const count = Math.ceil(profiled.elapsedMs / sliceMs);
  return Array.from({ length: count }, (_, index) => {
    const [fromMs, toMs] = [index * sliceMs, Math.min(profiled.elapsedMs, (index + 1) * sliceMs)];
    const within = (spans: readonly Span[]) => spans.filter((span) => span.fromMs < toMs && span.toMs > fromMs);
    const totals = new Map<string, number>();
    for (const span of within(ran)) {
      const ms = Math.min(span.toMs, toMs) - Math.max(span.fromMs, fromMs);
      totals.set(span.activity, (totals.get(span.activity) ?? 0) + ms);
    }
    return {
      fromMs,
      toMs: Math.round(toMs),
      part: within(profiled.parts).at(-1)?.activity ?? '',
      ran: longestFirst(totals),
      asked: [...new Set(within(profiled.requests).map(({ activity }) => activity))].join(', '),
    };
  });
}

function longestFirst(totals: ReadonlyMap<string, number>): Slice['ran'] {
  const rounded = [...totals].map(([activity, ms]) => [activity, Math.round(ms * 100) / 100] as const);
  return Object.fromEntries(rounded.toSorted(([, one], [, other]) => other - one));
}

function ranSpans({ profile, startedAt, moduleAt }: Profiled): readonly Span[] {
  const ownerOf = owners(profile.nodes, moduleAt);
  const beganMs = (profile.startTime - startedAt) / 1000;
  const spans: Span[] = [{ activity: BEFORE_PROFILER, fromMs: 0, toMs: beganMs }];
  let atMs = beganMs;
  for (const [index, id] of profile.samples.entries()) {
    const fromMs = atMs + (profile.timeDeltas[index] ?? 0) / 1000;
    const toMs = fromMs + (profile.timeDeltas[index + 1] ?? 0) / 1000;
    const activity = ownerOf(id);
    if (activity !== undefined) spans.push({ activity, fromMs, toMs });
    atMs = fromMs;
  }
  return spans;
}

/**
 * Returns the owner of each sample: the module that called last, otherwise the activity of node or V8, and undefined
 * while the process waits.
 */
function owners(nodes: readonly ProfileNode[], moduleAt: Profiled['moduleAt']): (id: number) => string | undefined {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  return (id) => {
    const leaf = byId.get(id)?.callFrame;
    if (leaf === undefined || leaf.functionName === '(idle)') return undefined;
    for (let at: number | undefined = id; at !== undefined; at = parents.get(at)) {
      const frame = byId.get(at)?.callFrame;
      const owner = frame === undefined ? undefined : moduleAt(frame.url, frame.lineNumber);
      if (owner !== undefined) return owner;
    }
    switch (leaf.functionName) {
      case '(garbage collector)':
        return 'garbage collection';
      case '(program)':
        return 'node itself';
      default:
        return leaf.url.startsWith('node:')
          ? `node:${leaf.url.slice(5).split('/').slice(0, 2).join('/')}`
          : 'node itself';
    }
  };
}

/** Returns the owner of a module that runs as written: a folder of ours, or a package. */
export function moduleOf(url: string): string | undefined {
  const [, path] = /^file:.*?\/((?:src|node_modules)\/.*)$/.exec(url) ?? [];
  return path === undefined ? undefined : nameOf(`// ${path}`);
}

const MODULE = /^\/\/ (?:(src)\/([^/.]+)|node_modules\/((?:@[^/]+\/)?[^/]+))/;

/**
 * Returns the owner of each line of a bundle: a folder of ours, or a package, according to esbuild's comment before
 * each module.
 */
export function moduleLines(bundle: string): (line: number) => string | undefined {
  const marks: (readonly [line: number, name: string])[] = [];
  for (const [line, text] of bundle.split('\n').entries()) {
    const name = nameOf(text);
    if (name !== undefined) marks.push([line, name]);
  }
  return (line) => marks.findLast(([from]) => from <= line)?.[1];
}

function nameOf(comment: string): string | undefined {
  const [, ours, folder, library] = MODULE.exec(comment) ?? [];
  return ours === undefined ? library : `${ours}/${folder ?? ''}`;
}

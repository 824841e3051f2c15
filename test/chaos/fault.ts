import type { Draw } from './random.ts';

/** The position of the target in the list at the time of the fault: a share in [0, 1). */
type Which = number;

/** One fault. `holdMs` is its duration, unless the run ends before. */
export type Fault =
  | { readonly kind: 'none' }
  | { readonly kind: 'pod-deleted'; readonly pick: Which }
  /** Evictions as in node drains: one pod after the other, each asked for until its disruption budget allows it. */
  | { readonly kind: 'evicted'; readonly picks: readonly Which[]; readonly pauseMs: number }
  | { readonly kind: 'node-killed'; readonly node: number; readonly holdMs: number }
  | {
      readonly kind: 'cut';
      readonly direction: 'both' | 'one-way';
      readonly from: Which;
      readonly to: Which;
      readonly holdMs: number;
    }
  | {
      readonly kind: 'packet-loss';
      readonly loss: number;
      readonly from: Which;
      readonly to: Which;
      readonly holdMs: number;
    }
  | { readonly kind: 'api-paused'; readonly holdMs: number }
  | { readonly kind: 'api-killed'; readonly holdMs: number }
  | { readonly kind: 'secret-deleted'; readonly pick: Which }
  | { readonly kind: 'secret-edited'; readonly pick: Which; readonly key: Which }
  | { readonly kind: 'edited'; readonly edit: 'scale' | 'restart' | 'label'; readonly pick: Which }
  | { readonly kind: 'cancelled'; readonly signal: 'SIGINT' | 'SIGTERM' }
  | { readonly kind: 'killed' }
  | { readonly kind: 'stopped'; readonly holdMs: number }
  | { readonly kind: 'second-run' };

const DRAWN: { readonly [Kind in Fault['kind']]: (draw: Draw) => Extract<Fault, { kind: Kind }> } = {
  none: () => ({ kind: 'none' }),
  'pod-deleted': ({ share }) => ({ kind: 'pod-deleted', pick: share() }),
  evicted: ({ share, whole }) => ({ kind: 'evicted', picks: [share(), share()], pauseMs: whole(0, 4000) }),
  'node-killed': ({ whole }) => ({ kind: 'node-killed', node: whole(1, 5), holdMs: whole(1000, 6000) }),
  cut: ({ oneOf, ...draw }) => {
    return { kind: 'cut', direction: oneOf(['both', 'one-way']), ...pairOf(draw), holdMs: draw.whole(500, 6000) };
  },
  'packet-loss': ({ oneOf, ...draw }) => {
    return { kind: 'packet-loss', loss: oneOf([0.1, 0.3, 0.6]), ...pairOf(draw), holdMs: draw.whole(1000, 8000) };
  },
  'api-paused': ({ whole }) => ({ kind: 'api-paused', holdMs: whole(500, 8000) }),
  'api-killed': ({ whole }) => ({ kind: 'api-killed', holdMs: whole(100, 6000) }),
  'secret-deleted': ({ share }) => ({ kind: 'secret-deleted', pick: share() }),
  'secret-edited': ({ share }) => ({ kind: 'secret-edited', pick: share(), key: share() }),
  edited: ({ oneOf, share }) => ({ kind: 'edited', edit: oneOf(['scale', 'restart', 'label']), pick: share() }),
  cancelled: ({ oneOf }) => ({ kind: 'cancelled', signal: oneOf(['SIGINT', 'SIGTERM']) }),
  killed: () => ({ kind: 'killed' }),
  stopped: ({ whole }) => ({ kind: 'stopped', holdMs: whole(500, 12_000) }),
  'second-run': () => ({ kind: 'second-run' }),
};

/** The faults by frequency. Faults of the whole cluster are rarer, because they run alone. */
const USUAL = [
  ...(['none', 'none', 'pod-deleted', 'pod-deleted', 'cut', 'cut', 'packet-loss', 'secret-deleted'] as const),
  ...(['secret-edited', 'edited', 'edited', 'cancelled', 'killed', 'killed', 'stopped', 'second-run'] as const),
  ...(['node-killed', 'api-paused', 'api-killed'] as const),
] as const;

export function drawFault(draw: Draw, kinds?: readonly [Fault['kind'], ...Fault['kind'][]]): Fault {
  const kind = draw.oneOf<Fault['kind']>(kinds ?? USUAL);
  // A fault that was added later takes a part of `none`, so that the other seeds keep their cases.
  const drawn = kind === 'none' && kinds === undefined && draw.chance(0.7) ? 'evicted' : kind;
  return DRAWN[drawn](draw);
}

export function isExclusive({ kind }: Fault): boolean {
  return kind === 'node-killed' || kind === 'api-paused' || kind === 'api-killed';
}

function pairOf({ share }: { readonly share: () => number }): { readonly from: Which; readonly to: Which } {
  return { from: share(), to: share() };
}

import { drawFault, type Fault, isExclusive } from './fault.ts';
import { type Draw, drawsOf } from './random.ts';

/** Inputs of the action. */
export type Inputs = Readonly<Record<string, string>>;

/** The time of a fault: a delay after the start of the process, or after the n-th line of its log. */
export type Moment =
  | { readonly kind: 'clock'; readonly afterMs: number }
  | { readonly kind: 'line'; readonly line: number; readonly afterMs: number };

/** One fault in one run, drawn completely from the seed. */
export type ChaosCase = {
  readonly seed: number;
  /** The inputs of the earlier deployment; absent for an empty namespace. */
  readonly start: Inputs | undefined;
  readonly command: 'deploy' | 'rotate' | 'verify';
  readonly inputs: Inputs;
  /** The inputs of the plain `deploy` afterwards. */
  readonly target: Inputs;
  readonly fault: Fault;
  readonly moment: Moment;
  /** True if the fault breaks parts that other namespaces use as well, so that the case runs alone. */
  readonly isExclusive: boolean;
};

export const NAME = 'nats';
const RELEASES = ['2.10.29', '2.12.15', '2.15.2'] as const;
const LATEST_MS = 8000;
const LAST_LINE = 12;
const TIMEOUT_SECONDS = 90;

/** The time limit of a run, without the time for which a fault delays it. */
export const TIMEOUT_MS = TIMEOUT_SECONDS * 1000;

export function caseOf(seed: number, faults?: readonly [Fault['kind'], ...Fault['kind'][]]): ChaosCase {
  const draw = drawsOf(seed);
  const start = draw.chance(0.3) ? undefined : deployment(draw, draw.oneOf(['1', '3', '3', '3', '5']));
  const command = start === undefined ? 'deploy' : commandOf(draw);
  const target = targetOf(draw, start, command);
  const fault = drawFault(draw, faults);
  return {
    seed,
    start,
    command,
    inputs: { ...inputsOf(draw, command, target), timeout: `${TIMEOUT_SECONDS}s` },
    target,
    fault,
    moment: momentOf(draw),
    isExclusive: isExclusive(fault),
  };
}

/** Describes the case for a table of results. */
export function describeCase({ seed, start, command, inputs, fault, moment }: ChaosCase): string {
  const before = start === undefined ? 'nothing' : `${start['replicas']} × ${start['image']}`;
  const { kubeconfig: _, command: __, timeout: ___, 'client-password': ____, ...rest } = inputs;
  const given = Object.entries(rest).map(([name, value]) => `${name}=${value}`);
  const when = moment.kind === 'clock' ? `${moment.afterMs} ms` : `line ${moment.line} + ${moment.afterMs} ms`;
  return `seed ${seed}: on ${before}, ${command} ${given.join(' ')}; ${JSON.stringify(fault)} at ${when}`;
}

function commandOf(draw: Draw): ChaosCase['command'] {
  return draw.oneOf<ChaosCase['command']>(['deploy', 'deploy', 'deploy', 'rotate', 'verify']);
}

function deployment(draw: Draw, replicas: string): Inputs {
  const password: Inputs = draw.chance(0.5) ? { 'client-password': `canary/client%${draw.whole(1e8, 9e8)}` } : {};
  return { replicas, image: `nats:${draw.oneOf(RELEASES)}`, ...password };
}

function targetOf(draw: Draw, start: Inputs | undefined, command: ChaosCase['command']): Inputs {
  if (start === undefined) {
    return { ...deployment(draw, draw.oneOf(['1', '2', '3', '3', '5'])), ...changeOf(draw) };
  }
  return command === 'deploy' ? { ...start, ...changeOf(draw), ...(draw.chance(0.3) ? changeOf(draw) : {}) } : start;
}

function changeOf(draw: Draw): Inputs {
  return draw.oneOf<() => Inputs>([
    () => ({}),
    () => ({ replicas: String(draw.whole(1, 5)) }),
    () => ({ replicas: String(draw.whole(2, 5)) }),
    () => ({ debug: 'true' }),
    () => ({ image: `nats:${draw.oneOf(RELEASES)}` }),
    () => ({ resources: `{requests: {cpu: ${draw.whole(2, 9)}0m, memory: 64Mi}}` }),
    () => ({ 'key-algorithm': draw.oneOf(['ecdsa-p384', 'ed25519', 'rsa-2048']) }),
    () => ({ 'client-user': `app-of-${draw.whole(10, 99)}` }),
  ])();
}

function inputsOf(draw: Draw, command: ChaosCase['command'], target: Inputs): Inputs {
  switch (command) {
    case 'deploy':
      return target;
    case 'verify':
      return { command };
    case 'rotate': {
      const targets = draw.oneOf(['certificates', 'route-ca', 'ca', 'credentials', 'all', 'certificates,route-ca']);
      return { command, 'rotate-targets': targets, force: 'true' };
    }
  }
}

function momentOf(draw: Draw): Moment {
  return draw.chance(0.5)
    ? { kind: 'clock', afterMs: draw.whole(0, LATEST_MS) }
    : { kind: 'line', line: draw.whole(1, LAST_LINE), afterMs: draw.whole(0, 500) };
}

import { podName, podNames } from '../../cluster/names.ts';
import type { JetStreamAnswer, JetStreamRequest } from '../../nats/mesh/jetstream.ts';
import { type LeavingStep, type LeavingView, leavingStep, requestsOf } from '../../nats/mesh/leaving.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import type { Runner } from '../../runner/runner.ts';
import type { JetStreamObserver } from '../../servers/observers.ts';
import { pause } from '../../time/pause.ts';
import { buildDeadlineError, type Waiting } from '../context/waiting.ts';
import {
  closeAll,
  type JetStreamAccess,
  observeJetStreamServers,
  tooManyReplicasError,
} from '../pods/jetstream-servers.ts';

const ROUND_MS = 500;

/** The effect of a request shows in the observations only once the servers have agreed on it. */
const ASK_AGAIN_MS = 10_000;

type LeavingTerms = JetStreamAccess & { readonly waiting: Waiting };

/**
 * Makes the highest server of `spec` give up all parts of streams that it holds, and leave the meta group. The server
 * is removed from the group while it still runs: nothing new is placed on it from then on, it forgets the data of the
 * group, and the remaining data on its volume does not keep it from joining again. Asks only for the steps that the
 * observations show as missing, so that it can be interrupted at any point.
 * @throws ActionError CHANGE_FORBIDDEN for a stream with more replicas than servers stay; WAIT_TIMEOUT at the deadline
 */
export async function emptyLastServer(terms: LeavingTerms, runner: Pick<Runner, 'info'>): Promise<void> {
  const { spec, waiting, signal } = terms;
  const leaving = podName(spec.name, spec.replicas - 1);
  const servers = observeJetStreamServers(terms, podNames(spec));
  const asking = createAsking(runner);
  let last: readonly MeshProblem[] = [];
  try {
    for (;;) {
      const view = await look(leaving, servers);
      const step = leavingStep(view);
      if (step.kind === 'refuse') {
        throw tooManyReplicasError(step.streams, { replicas: spec.replicas - 1, name: spec.name });
      }
      if (step.kind === 'left') {
        waiting.show([]);
        runner.info(`${leaving}: left the JetStream meta group`);
        return;
      }
      const trouble = await asking.ask(requestsOf(step, leaving), servers);
      last = [problem(leaving, [whyOf(step), ...trouble].join('; '))];
      waiting.show(last);
      await pause(ROUND_MS, signal);
    }
  } catch (error) {
    throw signal.aborted ? (buildDeadlineError(terms, last, []) ?? error) : error;
  } finally {
    await closeAll(servers);
  }
}

function problem(from: string, why: string): MeshProblem {
  return { from, to: undefined, reason: 'StreamsToMove', message: `${from}: ${why}` };
}

/**
 * Reads the state of the servers, and that of the leaving server last, because its last answer decides. The other
 * servers may change while the leaving server is asked.
 */
async function look(leaving: string, servers: ReadonlyMap<string, JetStreamObserver>): Promise<LeavingView> {
  const others = [...servers].filter(([name]) => name !== leaving);
  const staying = await Promise.all(
    others.map(async ([name, server]) => {
      const varz = await server.varz();
      return [name, varz.ok ? varz.value : undefined] as const;
    }),
  );
  const seen = await servers.get(leaving)?.leaving();
  return { leaving, staying: new Map(staying), seen: seen?.ok === true ? seen.value : undefined };
}

function whyOf(step: Exclude<LeavingStep, { kind: 'refuse' | 'left' }>): string {
  switch (step.kind) {
    case 'wait':
    case 'move':
      return step.why;
    case 'step-down':
      return 'holds no stream, another server is to lead the JetStream meta group';
    case 'remove':
      return 'holds no stream, is to leave the JetStream meta group';
  }
}

type Asking = {
  /** Sends the requests that were not sent lately. Returns the refusals by servers that no later answer replaced. */
  readonly ask: (
    requests: readonly JetStreamRequest[],
    servers: ReadonlyMap<string, JetStreamObserver>,
  ) => Promise<readonly string[]>;
};

function createAsking({ info }: Pick<Runner, 'info'>): Asking {
  const asked = new Map<string, { readonly at: number; readonly refusal: string | undefined }>();
  return {
    ask: async (requests, servers) => {
      const [first] = servers.values(); // The lowest server never leaves.
      for (const request of requests) {
        const key = JSON.stringify(request);
        const before = asked.get(key);
        if (first === undefined || (before !== undefined && performance.now() - before.at < ASK_AGAIN_MS)) continue;
        const answer = await first.request(request);
        const words = answer.ok ? refusalOf(answer.value) : answer.failure.message;
        if (before === undefined && words === undefined) info(`asked for: ${saidOf(request)}`);
        asked.set(key, { at: performance.now(), refusal: words && `${saidOf(request)}: ${words}` });
      }
      return requests.flatMap((request) => asked.get(JSON.stringify(request))?.refusal ?? []);
    },
  };
}

function refusalOf(answer: JetStreamAnswer): string | undefined {
  return answer.kind === 'accepted' || answer.isUnderWay ? undefined : answer.words;
}

function saidOf(request: JetStreamRequest): string {
  switch (request.kind) {
    case 'move':
      return `move of ${request.account}/${request.stream} from ${request.from}`;
    case 'step-down':
      return 'another JetStream meta leader';
    case 'remove':
      return `${request.server} to leave the JetStream meta group`;
  }
}

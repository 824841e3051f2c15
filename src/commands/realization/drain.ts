import { podName, podNames } from '../../cluster/names.ts';
import { chooseDrainStep, createDrainRequests, type DrainStep, type DrainView } from '../../nats/mesh/drain.ts';
import type { JetStreamAnswer, JetStreamRequest } from '../../nats/mesh/jetstream.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import type { Runner } from '../../runner/runner.ts';
import type { JetStreamObserver } from '../../servers/observers.ts';
import { pause } from '../../time/pause.ts';
import { buildDeadlineError } from '../context/deadline-error.ts';
import type { Run } from '../context/run.ts';
import { closeAll, observeJetStreamServers, tooManyReplicasError } from '../pods/jetstream-servers.ts';
import type { SystemAccess } from '../pods/server-access.ts';

const ROUND_MS = 500;

/**
 * The time in milliseconds before the same request is sent again. Observations show its effect only once the servers
 * have agreed on it.
 */
const ASK_AGAIN_MS = 10_000;

/**
 * Moves all stream replicas off the server with the highest ordinal, and removes it from the meta group. The server
 * still runs then. From then on, nothing new is placed on it and it deletes the data of the group, and the data left on
 * its volume does not prevent it from joining again later. Sends only requests that the observations show as necessary,
 * so that it can be interrupted at any point.
 * @throws ActionError CHANGE_FORBIDDEN for a stream with more replicas than servers remain; WAIT_TIMEOUT at the
 * deadline
 */
export async function drainLastServer(
  { runner, waiting }: Pick<Run<unknown>, 'runner' | 'waiting'>,
  access: SystemAccess,
): Promise<void> {
  const { spec, signal } = access;
  const leaving = podName(spec.name, spec.replicas - 1);
  const servers = observeJetStreamServers(access, podNames(spec));
  const sender = new RequestSender(runner);
  let last: readonly MeshProblem[] = [];
  try {
    for (;;) {
      const view = await readView(leaving, servers);
      const step = chooseDrainStep(view);
      if (step.kind === 'refuse') {
        throw tooManyReplicasError(step.streams, { replicas: spec.replicas - 1, name: spec.name });
      }
      if (step.kind === 'left') {
        waiting.show([]);
        runner.info(`${leaving}: left the JetStream meta group`);
        return;
      }
      const trouble = await sender.ask(createDrainRequests(step, leaving), servers);
      last = [createProblem(leaving, [describeStep(step), ...trouble].join('; '))];
      waiting.show(last);
      await pause(ROUND_MS, signal);
    }
  } catch (error) {
    throw signal.aborted ? (buildDeadlineError({ spec, waiting, signal }, last, []) ?? error) : error;
  } finally {
    await closeAll(servers);
  }
}

function createProblem(from: string, why: string): MeshProblem {
  return { from, to: undefined, reason: 'StreamsToMove', message: `${from}: ${why}` };
}

/**
 * Reads the state of the servers, and that of the leaving server last, because its last answer decides. The other
 * servers may change while the leaving server is asked.
 */
async function readView(leaving: string, servers: ReadonlyMap<string, JetStreamObserver>): Promise<DrainView> {
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

function describeStep(step: Exclude<DrainStep, { kind: 'refuse' | 'left' }>): string {
  switch (step.kind) {
    case 'wait':
    case 'move':
      return step.why;
    case 'step-down':
      return 'holds no stream, but still leads the JetStream meta group';
    case 'remove':
      return 'holds no stream, but is still a member of the JetStream meta group';
  }
}

/** The requests that were sent, each with the refusal in its last answer. */
class RequestSender {
  readonly #runner: Pick<Runner, 'info'>;
  readonly #asked = new Map<string, { readonly at: number; readonly refusal: string | undefined }>();

  constructor(runner: Pick<Runner, 'info'>) {
    this.#runner = runner;
  }

  /** Sends the requests that were not sent recently. Returns the refusals of these requests. */
  async ask(
    requests: readonly JetStreamRequest[],
    servers: ReadonlyMap<string, JetStreamObserver>,
  ): Promise<readonly string[]> {
    const [first] = servers.values(); // The server with the lowest ordinal is never removed.
    for (const request of requests) {
      const key = JSON.stringify(request);
      const before = this.#asked.get(key);
      if (first === undefined || (before !== undefined && performance.now() - before.at < ASK_AGAIN_MS)) continue;
      const answer = await first.request(request);
      const words = answer.ok ? refusalOf(answer.value) : answer.failure.message;
      if (before === undefined && words === undefined) this.#runner.info(`requested: ${describeRequest(request)}`);
      this.#asked.set(key, { at: performance.now(), refusal: words && `${describeRequest(request)}: ${words}` });
    }
    return requests.flatMap((request) => this.#asked.get(JSON.stringify(request))?.refusal ?? []);
  }
}

function refusalOf(answer: JetStreamAnswer): string | undefined {
  return answer.kind === 'accepted' || answer.isUnderWay ? undefined : answer.words;
}

function describeRequest(request: JetStreamRequest): string {
  switch (request.kind) {
    case 'move':
      return `move of ${request.account}/${request.stream} from ${request.from}`;
    case 'step-down':
      return 'another JetStream meta leader';
    case 'remove':
      return `${request.server} to leave the JetStream meta group`;
  }
}

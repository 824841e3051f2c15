import { ActionError, isActionError, type ObjectProblem } from '../../errors/action-error.ts';
import { isMetaGroupProblem } from '../../nats/mesh/meta-group.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';

const ROUTES_HINT =
  'Every server runs, but these pairs do not connect: look for a NetworkPolicy, a firewall or a node network fault between their nodes, then run the job again.';

const JETSTREAM_HINT =
  'Every route is connected, but the servers do not form a JetStream cluster: look for JetStream and RAFT lines in their logs (a full or slow volume, or the volume of another cluster), remove the cause, then run the job again.';

const OUTSIDE_HINT =
  'The other servers keep the streams available. Run `command: deploy` with the inputs of the last deployment: it restarts the named server, which no waiting repairs.';

/** The time in milliseconds without a change after which a longer `timeout` is pointless. */
const MOVING_MS = 15_000;

function adviseOnDeadline(movedMsAgo: number): string {
  const seconds = Math.round(movedMsAgo / 1000);
  return movedMsAgo < MOVING_MS
    ? `The last change was ${seconds} s ago, so a longer \`timeout\` may help.`
    : `Nothing changed for ${seconds} s, so a longer \`timeout\` does not help: remove the cause named above, then run the job again.`;
}

type Waited = {
  readonly signal: AbortSignal;
  readonly spec: { readonly name: string };
  readonly waiting: { readonly movedMsAgo: () => number };
};

/**
 * Returns the error of the deadline. It lists every unready server or, when all servers are ready, the missing routes
 * and the problems of the JetStream meta group. Returns undefined for a cancelled run.
 */
export function buildDeadlineError(
  { signal, spec, waiting }: Waited,
  unready: readonly MeshProblem[],
  mesh: readonly MeshProblem[],
): ActionError | undefined {
  if (isActionError(signal.reason)) {
    return undefined; // The cancellation is the cause.
  }
  const pairs = mesh.filter((problem) => problem.to !== undefined || isMetaGroupProblem(problem));
  // A server that the meta group works without is not Ready for that reason. Only another start helps such a server.
  const outside = new Set(mesh.filter(isOutside).map(({ from }) => from));
  const others = unready.filter(({ from }) => !outside.has(from));
  const problems = (others.length > 0 ? others : pairs).map(
    ({ from, to, reason, message }): ObjectProblem => ({
      object: to === undefined ? `Pod/${from}` : `${from} → ${to}`,
      reason,
      message,
    }),
  );
  const messages = problems.map(({ message }) => message).join('; ');
  if (others.length > 0 || pairs.length === 0) {
    return new ActionError(
      'WAIT_TIMEOUT',
      `the deadline passed before ${spec.name} was ready: ${messages || 'no server was observed'}`,
      {
        hint: adviseOnDeadline(waiting.movedMsAgo()),
        details: { problems },
      },
    );
  }
  return new ActionError('MESH_INCOMPLETE', `the deadline passed with an incomplete mesh: ${messages}`, {
    reason: pairs[0]?.reason ?? 'NoRoute',
    hint: chooseHint(pairs),
    details: { problems },
  });
}

function isOutside({ reason }: MeshProblem): boolean {
  return reason === 'OutsideMetaGroup';
}

function chooseHint(pairs: readonly MeshProblem[]): string {
  if (pairs.every(isOutside)) return OUTSIDE_HINT;
  return pairs.every(isMetaGroupProblem) ? JETSTREAM_HINT : ROUTES_HINT;
}

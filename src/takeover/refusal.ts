import { ActionError, type ObjectProblem } from '../errors.ts';
import { type Cut, cutsOf, type Source, type Successor } from './source.ts';

type Consents = { readonly adopt: boolean; readonly outage: boolean };

/** Returns the reason why the takeover does not start: the opt-in is missing, or no opt-in would make it safe. */
export function takeoverRefusal(
  source: Source,
  successor: Successor,
  consents: Consents,
): ActionError<'CHANGE_FORBIDDEN'> | undefined {
  const impossible = impossibleCut(source, successor);
  const cuts = cutsOf(source, successor);
  if (impossible === undefined && consents.adopt && (consents.outage || cuts.length === 0)) {
    return undefined;
  }
  const [reason, hint] =
    impossible === undefined ? consentNeeded(source, cuts, consents, successor) : [impossible.reason, impossible.hint];
  const told = impossible === undefined ? cuts : [impossible];
  const message = [found(source, successor), ...told.map((cut) => cut.message)].join('; ');
  const problems: readonly ObjectProblem[] = [
    ...source.objects.map(({ object, owner }) => ({ object, reason: 'Foreign', message: `${object} is of ${owner}` })),
    ...told.map((cut) => ({ object: successor.name, reason: cut.reason, message: cut.message })),
  ];
  return new ActionError('CHANGE_FORBIDDEN', message, { reason, hint, details: { problems } });
}

/**
 * Describes the objects that would be taken over: their owners, the namespace, the number of running servers, and their
 * names.
 */
export function found({ objects, servers }: Source, { namespace }: Pick<Successor, 'namespace'>): string {
  const owners = [...new Set(objects.map(({ owner }) => owner))].join(', ');
  const names = objects.map(({ object }) => object).join(', ');
  const running = servers.length === 0 ? '' : `, with ${servers.length} running servers`;
  return `objects of ${owners} already use the names of this deployment in namespace ${namespace}${running}: ${names}`;
}

function consentNeeded(
  { servers }: Source,
  cuts: readonly Cut[],
  { adopt }: Consents,
  { name }: Successor,
): readonly [string, string] {
  const restarts = servers.length === 0 ? '' : ', each server replaced by one restart';
  const allow = cuts.length === 0 ? 'adopt' : 'adopt, outage';
  const keep = cuts.map(({ hint }) => hint).join(' ');
  const hint = `To take them over${restarts}, add: allow: ${allow} — or deploy beside them under another name than ${name}. ${keep}`;
  return [adopt ? 'CutsOffClients' : 'ForeignObjects', hint.trim()];
}

/** Returns the problem that makes the takeover unsafe even with every opt-in; undefined without one. */
function impossibleCut({ servers, taken = 0 }: Source, { name, replicas }: Successor): Cut | undefined {
  if (servers.some(({ jetstream }) => jetstream)) {
    return {
      reason: 'StreamsInOtherVolumes',
      message: 'its servers run JetStream, whose volumes have other names, and their streams would be lost',
      hint: `Deploy beside it under another name than ${name}, mirror the streams there (nats stream add --mirror), then move the clients.`,
    };
  }
  const running = servers.length + taken;
  return servers.length > 0 && running !== replicas
    ? {
        reason: 'OtherReplicas',
        message: `it has ${running} servers, replicas is ${replicas}`,
        hint: `Take it over with replicas: ${running}; change replicas in a later run.`,
      }
    : undefined;
}

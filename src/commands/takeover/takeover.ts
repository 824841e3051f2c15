import { objectLabels } from '../../cluster/labels.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { takenOver as howTaken, TAKEN_OVER_ANNOTATION, type TakenOver } from '../../cluster/taken-over.ts';
import { ActionError, type ObjectProblem } from '../../errors.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import type { Pod } from '../../kubernetes/objects/pod.ts';
import { acceptedBy, presentedBy } from '../../rotation/track.ts';
import { found, takeoverRefusal } from '../../takeover/refusal.ts';
import { areJoined, cutsOf, type Source, type Successor } from '../../takeover/source.ts';
import type { Tracks } from '../issuance/tracks.ts';
import { ownerOf, RELEASE_ANNOTATION } from '../ownership.ts';
import type { Adopted } from '../preflight/adoption.ts';
import { type LiveState, readLiveState } from '../preflight/live-state.ts';
import { FIELD_MANAGER } from '../rollout/applied.ts';
import { removeKeepingPods } from '../rollout/orphaning.ts';
import type { Run } from '../run.ts';
import { sourceServer } from './source-servers.ts';
import { type Foreign, foreignObjects } from './survey.ts';

type Terms = {
  readonly spec: ClusterSpec;
  readonly live: LiveState;
  readonly adopted: Adopted;
  readonly tracks: Tracks;
};

/** What of somebody else is to be taken over, and how it goes with the servers of this deployment meanwhile. */
export type Takeover = Foreign & {
  readonly how: TakenOver;
  /** What is taken, and what everybody has to know of it. */
  readonly told: readonly string[];
};

/**
 * Looks at what somebody else has under the names of this deployment; undefined when nothing is anybody else's.
 * @throws ActionError CHANGE_FORBIDDEN without consent, with everything that would be taken over and whom it cuts off
 */
export async function plannedTakeover(run: Run<DeployInputs>, terms: Terms): Promise<Takeover | undefined> {
  const { api, inputs, runner, signal } = run;
  const { spec, live } = terms;
  const foreign = await foreignObjects({ api, signal }, spec, live);
  requireFreeServers(spec, live, foreign);
  if (foreign.objects.size === 0 && foreign.pods.length === 0) {
    return undefined;
  }
  const source = await surveyed(run, terms, foreign);
  const successor = successorOf(spec, terms.tracks);
  const consents = { adopt: inputs.allow.includes('adopt'), outage: inputs.allow.includes('outage') };
  const refusal = takeoverRefusal(source, successor, consents);
  if (refusal !== undefined) {
    throw refusal;
  }
  const taking = `taking over: ${found(source, successor)}`;
  const releases = releasesOf([...foreign.objects.values()]);
  const warnings = [
    ...cutsOf(source, successor).map(({ message }) => message),
    ...releases.map((release) => forget(release, spec)),
  ];
  runner.info(taking);
  warnings.forEach((warning) => runner.warning('TAKEOVER', warning));
  return { ...foreign, how: areJoined(source, successor) ? 'joined' : 'apart', told: [taking, ...warnings] };
}

/**
 * Takes it over as far as the servers: their StatefulSet is gone, and the pods are those of ours, each to be replaced by
 * a rolling change. Returns what is there then. A run that dies leaves what the next one goes on from.
 */
export async function takeOver(run: Run<unknown>, spec: ClusterSpec, takeover: Takeover): Promise<LiveState> {
  const { api, runner, signal } = run;
  const set = [...takeover.objects.values()].find(({ kind }) => kind === 'StatefulSet');
  if (set !== undefined) {
    await removeKeepingPods(api, set, signal);
    runner.info(`StatefulSet ${set.metadata.name} is gone without its pods`);
  }
  await markPods(run, spec, takeover);
  return withTakenObjects(await readLiveState(api, spec.namespace, spec.name, signal), takeover);
}

/** What would be there if it were taken over. */
export function assumedTakenOver(live: LiveState, takeover: Takeover): LiveState {
  return withTakenObjects({ ...live, pods: takeover.pods.map((pod) => marked(pod, takeover)) }, takeover);
}

/** The objects of before, to be applied over. */
function withTakenObjects(live: LiveState, { objects }: Takeover): LiveState {
  const taken = [...objects].filter(([, { kind }]) => kind !== 'StatefulSet');
  return { ...live, taken: new Map(taken), objects: new Map([...live.objects, ...taken]) };
}

/** Whether something of somebody else is yet to be replaced. */
export function isTakingOver({ taken, pods }: Pick<LiveState, 'taken' | 'pods'>): boolean {
  return taken.size > 0 || pods.some((pod) => howTaken(pod) !== undefined);
}

/**
 * Refuses servers whose pods or volumes are somebody else's, and cannot be taken over.
 * @throws ActionError CHANGE_FORBIDDEN (`ForeignObjects`)
 */
function requireFreeServers(spec: ClusterSpec, { statefulSet }: LiveState, { pods, claims }: Foreign): void {
  const inTheWay = statefulSet === undefined ? [] : pods;
  const problems = [
    ...inTheWay.map(({ name }) => ({ object: `Pod/${name}`, why: 'it is no pod of this deployment' })),
    ...[...claims].map(([object, why]) => ({ object, why })),
  ].map(({ object, why }): ObjectProblem => ({ object, reason: 'Foreign', message: `${object}: ${why}` }));
  if (problems.length === 0) {
    return;
  }
  const said = problems.map(({ message }) => message).join('; ');
  throw new ActionError('CHANGE_FORBIDDEN', `servers of ${spec.name} would meet what is not theirs: ${said}`, {
    reason: 'ForeignObjects',
    hint: 'Nothing was changed. Delete or rename these objects, or deploy under another name.',
    details: { problems },
  });
}

async function surveyed({ api, signal }: Run<DeployInputs>, terms: Terms, foreign: Foreign): Promise<Source> {
  const { spec, live, adopted, tracks } = terms;
  const { client: authority } = tracks.authorities;
  const asking = {
    api,
    spec,
    signal,
    clientTrust:
      adopted.server?.trust ??
      (authority === undefined
        ? ''
        : acceptedBy(authority)
            .map(({ certificate }) => certificate)
            .join('')),
    route: adopted.route,
    client: presentedBy(tracks.credentials.client),
  };
  const running = foreign.pods.filter(({ terminating }) => !terminating);
  return {
    objects: [...foreign.objects].map(([object, live]) => ({ object, owner: ownerOf(live) })),
    servers: await Promise.all(running.map(async (pod) => await sourceServer(asking, pod))),
    taken: live.pods.filter((pod) => howTaken(pod) !== undefined).length,
  };
}

function successorOf(spec: ClusterSpec, { credentials }: Tracks): Successor {
  const { name, namespace, replicas, clientVerify } = spec;
  const clientUser = presentedBy(credentials.client).user;
  return { name, namespace, replicas, clientUser, asksForCertificates: clientVerify !== 'none' };
}

/** Only once nobody else's StatefulSet wants them back: then they are selected by our Services and StatefulSet. */
async function markPods(
  { api, signal }: Pick<Run<unknown>, 'api' | 'signal'>,
  spec: ClusterSpec,
  { pods, how }: Takeover,
): Promise<void> {
  const value = { metadata: { labels: objectLabels(spec.name), annotations: { [TAKEN_OVER_ANNOTATION]: how } } };
  await Promise.all(
    pods.map(async ({ name, namespace }) => {
      await api.patch(
        { kind: 'Pod', name, namespace },
        { kind: 'merge', value },
        { fieldManager: FIELD_MANAGER },
        signal,
      );
    }),
  );
}

function marked(pod: Pod, { how }: Takeover): Pod {
  return { ...pod, annotations: { ...pod.annotations, [TAKEN_OVER_ANNOTATION]: how } };
}

function releasesOf(objects: readonly KubernetesObject[]): readonly string[] {
  return [...new Set(objects.flatMap(({ metadata }) => metadata.annotations[RELEASE_ANNOTATION] ?? []))];
}

function forget(release: string, { namespace }: ClusterSpec): string {
  return `helm uninstall ${release} would remove what runs; have Helm forget the release instead: kubectl --namespace ${namespace} delete secret --selector owner=helm,name=${release}`;
}

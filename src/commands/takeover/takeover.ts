import {
  FIELD_MANAGER,
  objectLabels,
  readTakeoverState,
  TAKEN_OVER_ANNOTATION,
  type TakeoverState,
} from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError, type ObjectProblem } from '../../errors/action-error.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { KubernetesObject } from '../../objects/object.ts';
import type { Pod } from '../../objects/pod.ts';
import { listAccepted, selectPresented } from '../../rotation/track.ts';
import type { Run } from '../context/run.ts';
import type { Tracks } from '../issuance/tracks.ts';
import type { UserProvidedCertificates } from '../issuance/user-provided.ts';
import { type LiveState, readLiveState } from '../live/live-state.ts';
import { describeOwner, RELEASE_ANNOTATION } from '../live/ownership.ts';
import { removeKeepingPods } from '../live/preview-record.ts';
import { areJoined, describeSource, findCuts, findTakeoverRefusal, type Source, type Successor } from './source.ts';
import { inspectSourceServer } from './source-servers.ts';
import { type Foreign, readForeignObjects } from './survey.ts';

type PlannedDeployment = {
  readonly spec: ClusterSpec;
  readonly live: LiveState;
  readonly userProvided: UserProvidedCertificates;
  readonly tracks: Tracks;
};

/**
 * The objects of other owners to take over, and whether their servers and ours form one NATS cluster during the
 * takeover.
 */
export type Takeover = Foreign & {
  readonly how: TakeoverState;
  /** The line that lists the objects to take over, and the warnings that every user needs. */
  readonly lines: readonly string[];
};

/**
 * Finds the objects of other owners under the names of this deployment; returns undefined when it finds none.
 * @throws ActionError CHANGE_FORBIDDEN without opt-in, naming everything that would be taken over and every client that
 * the takeover cuts off
 */
export async function planTakeover(run: Run<DeployInputs>, terms: PlannedDeployment): Promise<Takeover | undefined> {
  const { api, inputs, runner, signal } = run;
  const { spec, live } = terms;
  const foreign = await readForeignObjects({ api, signal }, spec, live);
  requireFreeServers(spec, live, foreign);
  if (foreign.objects.size === 0 && foreign.pods.length === 0) {
    return undefined;
  }
  const source = await surveySource(run, terms, foreign);
  const successor = describeSuccessor(spec, terms.tracks);
  const consents = { adopt: inputs.allow.includes('adopt'), outage: inputs.allow.includes('outage') };
  const refusal = findTakeoverRefusal(source, successor, consents);
  if (refusal !== undefined) {
    throw refusal;
  }
  const taking = `taking over: ${describeSource(source, successor)}`;
  const releases = listReleases([...foreign.objects.values()]);
  const warnings = [
    ...findCuts(source, successor).map(({ message }) => message),
    ...releases.map((release) => adviseToForget(release, spec)),
  ];
  runner.info(taking);
  warnings.forEach((warning) => runner.warning('TAKEOVER', warning));
  return { ...foreign, how: areJoined(source, successor) ? 'joined' : 'apart', lines: [taking, ...warnings] };
}

/**
 * Takes over the servers: deletes their StatefulSet without its pods, and marks the pods as ours, so that a rolling
 * change replaces each of them. Returns the live state after that. A run that dies leaves a state from which the next
 * run continues.
 */
export async function takeOver(run: Run<unknown>, spec: ClusterSpec, takeover: Takeover): Promise<LiveState> {
  const { api, runner, signal } = run;
  const set = [...takeover.objects.values()].find(({ kind }) => kind === 'StatefulSet');
  if (set !== undefined) {
    await removeKeepingPods(api, set, signal);
    runner.info(`StatefulSet ${set.metadata.name} was deleted without its pods; the next one takes over its pods`);
  }
  await markPods(run, spec, takeover);
  return addTakenObjects(await readLiveState(api, spec.namespace, spec.name, signal), takeover);
}

/** Returns the state that a takeover would leave. */
export function assumeTakeover(live: LiveState, takeover: Takeover): LiveState {
  return addTakenObjects({ ...live, pods: takeover.pods.map((pod) => markPod(pod, takeover)) }, takeover);
}

/** Returns the state with the objects of the other owners, which our objects will overwrite. */
function addTakenObjects(live: LiveState, { objects }: Takeover): LiveState {
  const taken = [...objects].filter(([, { kind }]) => kind !== 'StatefulSet');
  return { ...live, taken: new Map(taken), objects: new Map([...live.objects, ...taken]) };
}

/** Checks whether an object or pod of another owner still has to be replaced. */
export function isTakingOver({ taken, pods }: Pick<LiveState, 'taken' | 'pods'>): boolean {
  return taken.size > 0 || pods.some((pod) => readTakeoverState(pod) !== undefined);
}

/**
 * Refuses servers whose pods or volumes belong to another owner and cannot be taken over.
 * @throws ActionError CHANGE_FORBIDDEN (`ForeignObjects`)
 */
function requireFreeServers(spec: ClusterSpec, { statefulSet }: LiveState, { pods, claims }: Foreign): void {
  const inTheWay = statefulSet === undefined ? [] : pods;
  const problems = [
    ...inTheWay.map(({ name }) => ({ object: `Pod/${name}`, why: 'it does not belong to this deployment' })),
    ...[...claims].map(([object, why]) => ({ object, why })),
  ].map(({ object, why }): ObjectProblem => ({ object, reason: 'Foreign', message: `${object}: ${why}` }));
  if (problems.length === 0) {
    return;
  }
  const summary = problems.map(({ message }) => message).join('; ');
  throw new ActionError(
    'CHANGE_FORBIDDEN',
    `objects that do not belong to ${spec.name} use the names of its servers: ${summary}`,
    {
      reason: 'ForeignObjects',
      hint: 'Nothing was changed. Delete or rename these objects, or deploy under another name.',
      details: { problems },
    },
  );
}

async function surveySource(
  { api, signal }: Run<DeployInputs>,
  terms: PlannedDeployment,
  foreign: Foreign,
): Promise<Source> {
  const { spec, live, userProvided, tracks } = terms;
  const { client: authority } = tracks.cas;
  const asking = {
    api,
    spec,
    signal,
    clientTrust:
      userProvided.server?.trust ??
      (authority === undefined
        ? ''
        : listAccepted(authority)
            .map(({ certificate }) => certificate)
            .join('')),
    route: userProvided.route,
    client: selectPresented(tracks.credentials.client),
  };
  const running = foreign.pods.filter(({ terminating }) => !terminating);
  return {
    objects: [...foreign.objects].map(([object, live]) => ({ object, owner: describeOwner(live) })),
    servers: await Promise.all(running.map(async (pod) => await inspectSourceServer(asking, pod))),
    taken: live.pods.filter((pod) => readTakeoverState(pod) !== undefined).length,
  };
}

function describeSuccessor(spec: ClusterSpec, { credentials }: Tracks): Successor {
  const { name, namespace, replicas, clientVerify } = spec;
  const clientUser = selectPresented(credentials.client).user;
  return { name, namespace, replicas, clientUser, asksForCertificates: clientVerify !== 'none' };
}

/**
 * Sets the labels by which our Services and StatefulSet select the pods. The caller first deletes the StatefulSet of
 * the other owner, which would otherwise claim them back.
 */
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

function markPod(pod: Pod, { how }: Takeover): Pod {
  return { ...pod, annotations: { ...pod.annotations, [TAKEN_OVER_ANNOTATION]: how } };
}

function listReleases(objects: readonly KubernetesObject[]): readonly string[] {
  return [...new Set(objects.flatMap(({ metadata }) => metadata.annotations[RELEASE_ANNOTATION] ?? []))];
}

function adviseToForget(release: string, { namespace }: ClusterSpec): string {
  return `\`helm uninstall ${release}\` would delete the running objects. Make Helm forget the release instead: \`kubectl --namespace ${namespace} delete secret --selector owner=helm,name=${release}\``;
}

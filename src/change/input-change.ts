import type { DeployInputs } from '../inputs/inputs.ts';
import { describeUnset, type StatedDeployment } from '../inputs/settings.ts';
import { isOlderMinor, parseImageRelease, raisesMemoryByReload } from '../nats/mesh/version.ts';
import { isRecord } from '../objects/json.ts';
import { findImmutableFields } from './immutable-fields.ts';
import { findOpenWayBack, WAYS_BACK, type WayBack } from './way-back.ts';

/**
 * The effect that a changed input has on a running cluster. `objects`: the change affects only objects other than the
 * servers. `next-issue`: the change affects only certificates that are issued later. `reload`: the servers reload their
 * configuration. `scale`: the number of servers changes. `rolling`: the servers restart one after the other.
 * `recreate`: another StatefulSet takes the servers over, then they restart one after the other. `forbidden`: the
 * action refuses the change.
 */
export type ChangeClass = 'objects' | 'next-issue' | 'reload' | 'scale' | 'rolling' | 'recreate' | 'forbidden';

/** `may` lists every class that the rule can return; `since` names the rule of nats-server or Kubernetes behind it. */
export type Rule = {
  readonly may: readonly ChangeClass[];
  readonly since: string;
  readonly classOf: (before: DeployInputs, wanted: DeployInputs) => ChangeClass;
};

export type InputChange = {
  readonly input: string;
  /** The text as written, or `…` for an input that may hold a secret; undefined if the input was or is not set. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** The effect of the input if it is not set, for example `false (default)`. */
  readonly unset: string;
  readonly change: ChangeClass;
  readonly since: string;
  readonly wayBack: WayBack;
};

const createFixedRule = (change: ChangeClass, since: string): Rule => ({ may: [change], since, classOf: () => change });

const LIMIT = 'maxConnOption, maxControlLineOption, maxPayloadOption, writeDeadlineOption (server/reload.go)';
const LOGGING = 'debugOption, traceOption, logtimeOption (server/reload.go)';
const TEMPLATE = 'the template of a running pod cannot change (apps/v1 StatefulSetSpec.template)';
const CLAIMS = 'volumeClaimTemplates and existing volumes are immutable (apps/v1 StatefulSetSpec)';
const ONE_SOURCE = 'peers that trust the old CA would reject the new certificates';
const STREAMS_MOVE =
  'streams move away first (JSApiServerStreamMove, server/jetstream_api.go); refused between a cluster and a single server, and below the replicas of a stream';
const ISSUE = 'an issued certificate keeps its dates (RFC 5280 section 4.1.2.5)';

/** The rule for volumes. A cluster that keeps streams only in memory has no volume yet, so it can get one. */
const VOLUMES: Rule = {
  may: ['recreate', 'forbidden'],
  since: CLAIMS,
  classOf: ({ jetstreamStorage }) => (jetstreamStorage.bytes === 0 ? 'recreate' : 'forbidden'),
};

/** The rule for each input that a deployment stores. */
export const INPUT_RULES: Readonly<Record<string, Rule>> = {
  replicas: {
    may: ['scale', 'forbidden'],
    since: `clusterOption, routesOption (server/reload.go); ${STREAMS_MOVE}`,
    classOf: (before, wanted) =>
      before.jetstream && (before.replicas === 1 || wanted.replicas === 1) ? 'forbidden' : 'scale',
  },
  image: {
    may: ['rolling', 'forbidden'],
    since: `${TEMPLATE}; no release converts its store back to an older one`,
    classOf: (before, wanted) =>
      wanted.jetstream && isDowngrade(before.image, wanted.image) ? 'forbidden' : 'rolling',
  },
  'image-pull-secrets': createFixedRule('rolling', TEMPLATE),
  'anti-affinity': createFixedRule('rolling', TEMPLATE),
  resources: createFixedRule('rolling', TEMPLATE),
  'security-context': createFixedRule('rolling', TEMPLATE),
  metrics: createFixedRule('rolling', TEMPLATE),
  overrides: {
    may: ['objects', 'rolling', 'recreate'],
    since: `${TEMPLATE}; most other fields of a StatefulSet are immutable`,
    classOf: (before, wanted) => {
      if (renderImmutablePart(before) !== renderImmutablePart(wanted)) return 'recreate';
      const ofServers = ({ overrides }: DeployInputs): string =>
        JSON.stringify(overrides.filter(({ kind }) => kind === 'StatefulSet'));
      return ofServers(before) === ofServers(wanted) ? 'objects' : 'rolling';
    },
  },
  'service-type': createFixedRule(
    'reload',
    'the server certificate contains the addresses: tlsOption (server/reload.go)',
  ),
  'network-policy': createFixedRule('objects', 'networking.k8s.io/v1 NetworkPolicy'),
  jetstream: createFixedRule('forbidden', 'all servers would have to restart at the same time'),
  'jetstream-storage': VOLUMES,
  'jetstream-storage-class': VOLUMES,
  'jetstream-memory': {
    may: ['reload', 'rolling', 'forbidden'],
    since: 'a reload can raise jetstreammaxmemory from 2.12.7 on, and never lower it (server/reload.go)',
    classOf: (before, wanted) => {
      if (wanted.jetstreamMemory.bytes < before.jetstreamMemory.bytes) return 'forbidden';
      const release = parseImageRelease(before.image ?? '');
      return release !== undefined && !raisesMemoryByReload(release) ? 'rolling' : 'reload';
    },
  },
  'client-user': createFixedRule('reload', 'usersOption (server/reload.go)'),
  'route-user': createFixedRule('reload', 'clusterOption, routesOption (server/reload.go)'),
  debug: createFixedRule('reload', LOGGING),
  trace: createFixedRule('reload', LOGGING),
  logtime: createFixedRule('reload', LOGGING),
  'max-connections': createFixedRule('reload', LIMIT),
  'max-control-line': createFixedRule('reload', LIMIT),
  'max-payload': createFixedRule('reload', LIMIT),
  'write-deadline': createFixedRule('reload', LIMIT),
  'key-algorithm': createFixedRule(
    'reload',
    'tlsOption, clusterOption (server/reload.go): route and server certificates are issued again',
  ),
  'certificate-validity': createFixedRule('next-issue', ISSUE),
  'ca-validity': createFixedRule('next-issue', ISSUE),
  'renew-before': createFixedRule(
    'next-issue',
    'certificates that the new value makes due are issued in the same run, and reloaded: tlsOption (server/reload.go)',
  ),
  'ca-overlap': createFixedRule('next-issue', ISSUE),
  'subject-alt-names': createFixedRule(
    'reload',
    'tlsOption (server/reload.go): the server certificate is issued again',
  ),
  'client-verify': {
    may: ['reload', 'rolling'],
    since: 'tlsOption reloads verify, but not verify_and_map (server/reload.go)',
    classOf: (before, wanted) =>
      [before.clientVerify, wanted.clientVerify].includes('verify-and-map') ? 'rolling' : 'reload',
  },
  'client-certificates': {
    may: ['objects', 'reload'],
    since: 'a Secret for each; with verify-and-map also a user of the configuration: usersOption (server/reload.go)',
    classOf: (_, wanted) => (wanted.clientVerify === 'verify-and-map' ? 'reload' : 'objects'),
  },
  'server-tls-secret': createFixedRule('forbidden', ONE_SOURCE),
  'route-tls-secret': createFixedRule('forbidden', ONE_SOURCE),
};

/** Returns the inputs in which two deployments differ, in the order of the rules. */
export function findInputChanges(before: StatedDeployment, wanted: StatedDeployment): readonly InputChange[] {
  return Object.entries(INPUT_RULES).flatMap(([input, { since, classOf }]) => {
    const [from, to] = [before.texts[input], wanted.texts[input]];
    if (from === to) return [];
    const change = classOf(before.inputs, wanted.inputs);
    const isClosed = change !== 'forbidden' && classOf(wanted.inputs, before.inputs) === 'forbidden';
    const wayBack = isClosed ? 'closed' : findOpenWayBack(input, before.inputs, wanted.inputs);
    const [shownFrom, shownTo] = [from, to].map((text) => selectShownText(input, text));
    return [{ input, from: shownFrom, to: shownTo, unset: describeUnset(input), since, change, wayBack }];
  });
}

/** The replacement for a text that is not shown. */
export const UNSHOWN_TEXT = '…';

/**
 * Returns the text of an input as it may be shown. Overrides are hidden because they contain variables and arguments of
 * containers.
 */
function selectShownText(input: string, text: string | undefined): string | undefined {
  return input === 'overrides' && text !== undefined ? UNSHOWN_TEXT : text;
}

/** Returns the parts of the overrides that set fields of a StatefulSet that can never change, as JSON. */
function renderImmutablePart({ overrides }: Pick<DeployInputs, 'overrides'>): string {
  const specs = overrides.flatMap(({ kind, patch: { spec } }) =>
    kind === 'StatefulSet' && isRecord(spec) ? [spec] : [],
  );
  return JSON.stringify(specs.flatMap((spec) => findImmutableFields(spec).map((field) => [field, spec[field]])));
}

function isDowngrade(before: string | undefined, wanted: string | undefined): boolean {
  const [from, to] = [parseImageRelease(before ?? ''), parseImageRelease(wanted ?? '')];
  return from !== undefined && to !== undefined && isOlderMinor(to, from);
}

export const CONSEQUENCES: { readonly [Class in ChangeClass]: string } = {
  objects: 'no effect on servers',
  'next-issue': 'takes effect when certificates are next issued',
  reload: 'servers apply it via configuration reload, without a restart',
  scale: 'servers are added or removed, the others do not restart',
  rolling: 'rolling restart, mesh verified after each server',
  recreate:
    'the StatefulSet is recreated without deleting its pods, then a rolling restart follows, mesh verified after each server',
  forbidden: 'refused',
};

/** The length of the longest text that is shown. A YAML text of several lines is not readable on one line. */
const SHOWN_LENGTH = 60;

/** Returns one line about a changed input, for example `image: nats:2.12.15 → nats:2.15.2 (rolling: …)`. */
export function renderInputChange({ input, from, to, unset, change, wayBack }: InputChange): string {
  const [before, now] = [from, to].map((text) => (text === undefined ? unset : shortenText(text)));
  return `${input}: ${before} → ${now} (${change}: ${CONSEQUENCES[change]}${WAYS_BACK[wayBack]})`;
}

/** Returns the text of an input, or UNSHOWN_TEXT if it is too long or has several lines. */
export function shortenText(text: string): string {
  return text.length > SHOWN_LENGTH || text.includes('\n') ? UNSHOWN_TEXT : text;
}

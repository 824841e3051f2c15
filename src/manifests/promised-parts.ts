import { SERVER_CONTAINER } from '../cluster/names.ts';
import { serverFiles } from '../cluster/server-files.ts';
import { OWN_PREFIX } from '../cluster/spec.ts';
import { findDrift } from '../drift/drift.ts';
import { isRecord, type JsonRecord, listOf, recordAt } from '../objects/json.ts';

/** The fields of the nats container that overrides must keep; all other fields may change. */
const SERVER_PARTS: readonly string[] = [
  'name',
  'image',
  'command',
  'args',
  'env',
  'ports',
  'readinessProbe',
  'lifecycle',
  'volumeMounts',
];

/** The fields of the StatefulSet that do not decide which servers run and how they are replaced. */
const FREE_PARTS: readonly string[] = ['podManagementPolicy', 'revisionHistoryLimit', 'template'];

/**
 * Returns the paths of the fields that overrides removed or changed although the Action relies on them: the fields that
 * select the servers, run them, and provide their configuration and certificates. Paths are spelt as in `Drift`, each
 * once.
 */
export function findLostParts(before: JsonRecord, after: JsonRecord): readonly string[] {
  const needed = findDrift(selectNeededParts(before), after);
  const grown = findDrift(selectExactParts(before, after), selectExactParts(before, before));
  const paths = [...needed, ...grown].map(({ path }) => path);
  return [...new Set([...paths, ...findChangedMarks(before, after), ...findOtherLosses(before, after)])];
}

/** Returns the fields that an override must keep; it may add other fields. */
function selectNeededParts(before: JsonRecord): JsonRecord {
  const { kind, metadata } = before;
  const spec = recordAt(before, 'spec');
  switch (kind) {
    case 'StatefulSet':
      return { kind, metadata, spec: { ...omitFields(spec, FREE_PARTS), template: selectNeededTemplate(before) } };
    case 'PodDisruptionBudget':
      return { kind, metadata, spec: { selector: spec['selector'] } };
    case 'NetworkPolicy':
      return { kind, metadata, spec: { podSelector: spec['podSelector'] } };
    case 'PodMonitor':
      return { kind, metadata };
    default:
      return before;
  }
}

function selectNeededTemplate(before: JsonRecord): JsonRecord {
  const template = recordAt(before, 'spec', 'template');
  const server = serverOf(before);
  const container = Object.fromEntries(SERVER_PARTS.map((part) => [part, server[part]]));
  const { volumes } = recordAt(template, 'spec');
  return { metadata: template['metadata'], spec: { containers: [container], volumes } };
}

/**
 * Returns the fields of `of` to which an override may add nothing. Of its volumes and mounts, only those that `before`
 * has too are included.
 */
function selectExactParts(before: JsonRecord, of: JsonRecord): JsonRecord {
  const spec = recordAt(of, 'spec');
  switch (before['kind']) {
    case 'StatefulSet': {
      const { name, readinessProbe, lifecycle, volumeMounts } = serverOf(of);
      const mounts = selectSameItems('mountPath', serverOf(before)['volumeMounts'], volumeMounts);
      const volumes = selectSameItems('name', podSpecOf(before)['volumes'], podSpecOf(of)['volumes']);
      const container = { name, readinessProbe, lifecycle, volumeMounts: mounts };
      const template = { spec: { containers: [container], volumes } };
      const { selector, updateStrategy, ordinals } = spec;
      return { spec: { selector, updateStrategy, ordinals, template } };
    }
    case 'Service':
    case 'PodDisruptionBudget':
      return { spec: { selector: spec['selector'] } };
    case 'NetworkPolicy':
      return { spec: { podSelector: spec['podSelector'] } };
    default:
      return {};
  }
}

/**
 * Returns the losses that a comparison of fields does not find: a grace period that is too short, mounts that would
 * cover our files, and a missing route rule.
 */
function findOtherLosses(before: JsonRecord, after: JsonRecord): readonly string[] {
  switch (before['kind']) {
    case 'StatefulSet':
      return [...findShorterGrace(before, after), ...findCoveringMounts(before, after)];
    case 'NetworkPolicy':
      return lacksRoutes(before, after) ? ['spec.ingress'] : [];
    default:
      return [];
  }
}

/** Checks that the grace period is long enough for lame duck mode. */
function findShorterGrace(before: JsonRecord, after: JsonRecord): readonly string[] {
  const [least, given] = [before, after].map((manifest) => podSpecOf(manifest)['terminationGracePeriodSeconds']);
  const isEnough = typeof given === 'number' && typeof least === 'number' && given >= least;
  return isEnough ? [] : ['spec.template.spec.terminationGracePeriodSeconds'];
}

function findCoveringMounts(before: JsonRecord, after: JsonRecord): readonly string[] {
  const own = new Set(listOf(serverOf(before)['volumeMounts']).map(mountPathOf));
  const added = listOf(serverOf(after)['volumeMounts'])
    .map(mountPathOf)
    .filter((path) => !own.has(path));
  const folders = [serverFiles.configurationDirectory, serverFiles.pidDirectory];
  const covering = added.filter((path) => folders.some((folder) => isWithin(path, folder) || isWithin(folder, path)));
  return covering.map((path) => `spec.template.spec.containers[${SERVER_CONTAINER}].volumeMounts[${path}]`);
}

function isWithin(path: string, folder: string): boolean {
  const [inner, outer] = [path, folder].map((one) => `${one.replace(/(?<!\/)\/+$/, '')}/`);
  return inner !== undefined && outer !== undefined && inner.startsWith(outer);
}

function mountPathOf(mount: unknown): string {
  return String(isRecord(mount) ? mount['mountPath'] : '');
}

/** Checks whether the rule that lets servers reach each other is missing. */
function lacksRoutes(before: JsonRecord, after: JsonRecord): boolean {
  const rules = listOf(recordAt(before, 'spec')['ingress']).filter((rule) => isRecord(rule) && 'from' in rule);
  const given = listOf(recordAt(after, 'spec')['ingress']);
  return !rules.every((rule) => given.some((other) => isSame(rule, other)));
}

function isSame(one: unknown, other: unknown): boolean {
  return [...findDrift({ value: one }, { value: other }), ...findDrift({ value: other }, { value: one })].length === 0;
}

/** Finds changes to the labels and annotations in which the Action keeps its state. No override may set them. */
function findChangedMarks(before: JsonRecord, after: JsonRecord): readonly string[] {
  const places = [['metadata'], ['spec', 'template', 'metadata']];
  return places.flatMap((place) =>
    ['labels', 'annotations'].flatMap((field) => {
      const [own, given] = [recordAt(before, ...place, field), recordAt(after, ...place, field)];
      return [...new Set([...Object.keys(own), ...Object.keys(given)])]
        .filter((key) => key.startsWith(OWN_PREFIX) && own[key] !== given[key])
        .map((key) => `${[...place, field].join('.')}[${JSON.stringify(key)}]`);
    }),
  );
}

function podSpecOf(manifest: JsonRecord): JsonRecord {
  return recordAt(manifest, 'spec', 'template', 'spec');
}

function serverOf(manifest: JsonRecord): JsonRecord {
  const containers = listOf(podSpecOf(manifest)['containers']).filter(isRecord);
  return containers.find(({ name }) => name === SERVER_CONTAINER) ?? {};
}

function selectSameItems(key: string, before: unknown, of: unknown): readonly unknown[] {
  const ids = new Set(listOf(before).map((item) => (isRecord(item) ? item[key] : undefined)));
  return listOf(of).filter((item) => isRecord(item) && ids.has(item[key]));
}

function omitFields(record: JsonRecord, fields: readonly string[]): JsonRecord {
  return Object.fromEntries(Object.entries(record).filter(([field]) => !fields.includes(field)));
}

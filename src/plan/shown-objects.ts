import { isRecord } from '../manifests/merge-patch.ts';
import { RESTART_ANNOTATION } from '../manifests/pod-template.ts';
import { keyOf, leavesOf, mapRecord, type Path } from './leaves.ts';
import { isShownField } from './shown-fields.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** An object as it is, and as it would be; undefined where there is none. */
export type ObjectPair = { readonly before: Fields | undefined; readonly after: Fields | undefined };

/** What the API server keeps of every object and nobody asks for. */
const BOOKKEPT = ['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink'];

/** What is written down about a deployment, by us and by kubectl: all of it stands elsewhere as well. */
const NOTES = /^(?:nats-cluster-action\/|kubectl\.kubernetes\.io\/last-applied-configuration$)/;

/** The object without what changes by itself. */
export function contentOf(object: Fields): Fields {
  const { status: _, apiVersion, kind, metadata, ...rest } = object;
  const kept = Object.entries(recordOf(metadata)).filter(([key]) => !BOOKKEPT.includes(key));
  return { apiVersion, kind, metadata: Object.fromEntries(kept), ...rest };
}

/** What would be written, and what the Action itself would write of it: the same without overrides. */
export type Asked = { readonly asked: Fields; readonly own: Fields };

/**
 * Returns both as a reader may see them. A plan is a comment on a pull request, where nothing masks a secret, so that it
 * shows a text only where the Action writes it itself, or where its field holds none. Of every other text it shows
 * whether it changes. What a dry run makes up is left out.
 */
export function shownObjects({ before, after }: ObjectPair, { asked, own }: Asked): ObjectPair {
  const [was, is, stated, written] = [before, after, asked, own].map(leavesOf);
  const isSecret = asked['kind'] === 'Secret' ? isOfSecret : isRestartDigest;
  const isShown = (path: Path, value: unknown): boolean =>
    !isSecret(path) && (isShownField(path, value) || written?.get(keyOf(path)) === value);
  const hidden = (path: Path): string => (isSecret(path) ? '(secret)' : '(hidden)');
  const wordBefore = (path: Path): string =>
    after === undefined || is?.has(keyOf(path)) === true ? hidden(path) : '(removed)';
  const wordAfter = (path: Path, value: unknown): string => {
    const key = keyOf(path);
    if (was?.has(key) !== true) return '(added)';
    return was.get(key) === value ? hidden(path) : '(changed)';
  };
  const settled = (path: Path, value: unknown): unknown => {
    const key = keyOf(path);
    if (key === PARTITION) return 0; // How far a rolling change is held back at its beginning.
    const isMadeUp = isAssigned(path) && was?.get(key) !== value && stated?.get(key) !== value;
    return isMadeUp ? '(assigned by the cluster)' : value;
  };
  return {
    before: before && mapRecord(shown(before), (path, value) => (isShown(path, value) ? value : wordBefore(path))),
    after:
      after &&
      mapRecord(shown(after), (path, value) => (isShown(path, value) ? settled(path, value) : wordAfter(path, value))),
  };
}

const PARTITION = keyOf(['spec', 'updateStrategy', 'rollingUpdate', 'partition']);

function shown(object: Fields): Fields {
  const { apiVersion, kind, metadata, ...rest } = contentOf(object);
  const { annotations, ...others } = recordOf(metadata);
  const kept = Object.entries(recordOf(annotations)).filter(([key]) => !NOTES.test(key));
  const annotated = kept.length === 0 ? {} : { annotations: Object.fromEntries(kept) };
  return { apiVersion, kind, metadata: { ...others, ...annotated }, ...rest };
}

/** Whoever applies a Secret with kubectl has its values in an annotation too. */
function isOfSecret([first, second]: Path): boolean {
  return first === 'data' || first === 'stringData' || (first === 'metadata' && second === 'annotations');
}

/** The digest is by a password, which a plan of a first deployment makes up. */
function isRestartDigest(path: Path): boolean {
  return path.at(-1) === RESTART_ANNOTATION;
}

const ASSIGNED = ['nodePort', 'healthCheckNodePort', 'clusterIP', 'clusterIPs'];

/** Ports and addresses that the API server gives where nobody asks for others. */
function isAssigned([first, ...path]: Path): boolean {
  return first === 'spec' && path.some((key) => ASSIGNED.includes(key));
}

function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

import { createHash } from 'node:crypto';
import { formatDate } from '../text/duration-text.ts';

/**
 * The rule for the name of a deployment. A Service takes the name unchanged (RFC 1035 label: begins with a letter). 52
 * characters leave space for the longest name made from it: the StatefulSet controller's label `<name>-<ten characters
 * of hash>`.
 */
export const DEPLOYMENT_NAME = { pattern: /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/, longest: 52 } as const;

const HASH_DIGITS = 8;
const PREFIX = 'nats-';

/** A limit above the length of any branch name that file systems can hold. */
const LONGEST_TEXT = 1000;

export function isDeploymentName(text: string): boolean {
  return text.length <= DEPLOYMENT_NAME.longest && DEPLOYMENT_NAME.pattern.test(text);
}

/**
 * Returns the name of the preview that is called `text`, for example a branch. The name is the text itself if that is
 * valid. Otherwise it is the readable part of the text and a digest of the whole text, so that two texts never get the
 * same name. Returns undefined for an empty text, for control characters such as line breaks, and for more than 1000
 * characters.
 */
export function derivePreviewName(text: string): string | undefined {
  if (isDeploymentName(text)) {
    return text;
  }
  if (text === '' || text.length > LONGEST_TEXT || /\p{Cc}/u.test(text)) {
    return undefined;
  }
  const digest = createHash('sha256').update(text).digest('hex').slice(0, HASH_DIGITS);
  const words = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const readable = words.join('-');
  const beginning = /^[a-z]/.test(readable) ? readable : `${PREFIX}${readable}`;
  return `${beginning.slice(0, DEPLOYMENT_NAME.longest - HASH_DIGITS - 1).replace(/-$/, '')}-${digest}`;
}

/** The label on the Lease `<name>-preview`. `prune` finds previews by this label. */
export const PREVIEW_LABEL = 'nats-cluster-action/preview';

/** The annotation on the same Lease with the time until which the preview stays (RFC 3339). Every deploy renews it. */
export const EXPIRY_ANNOTATION = 'nats-cluster-action/expires';

/**
 * The annotation on the same Lease with the text that the input `name` had, for example a branch. Two texts can result
 * in one name.
 */
export const ORIGIN_ANNOTATION = 'nats-cluster-action/preview-of';

/** A deployment that was made with a `ttl`, as its Lease describes it. */
export type Preview = {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** The expiry as the Lease spells it. A preview with an unreadable time never expires. */
  readonly expires: string;
  /** The text of the input `name` when the preview was made or renewed; undefined if the Lease does not hold it. */
  readonly origin?: string | undefined;
};

/** Returns the time at which a preview expires by itself; undefined if the Lease holds no readable time. */
function parseExpiry({ expires }: Pick<Preview, 'expires'>): Date | undefined {
  const time = new Date(expires);
  return /^\d{4}-\d\d-\d\dT/.test(expires) && !Number.isNaN(time.getTime()) ? time : undefined;
}

/** Returns the name of a preview in reports. */
export function previewTitle({ namespace, name }: Pick<Preview, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/**
 * The rule of `prune`. `keep` holds the names of the previews that stay; undefined if the input is absent, so that only
 * the expiry counts.
 */
export type PruneRule = { readonly keep: readonly string[] | undefined; readonly now: Date };

/** The decision whether a preview is deleted or stays, with its reason. */
export type PruneVerdict = { readonly kind: 'prune' | 'stay'; readonly why: string };

export function decidePruning(preview: Preview, { keep, now }: PruneRule): PruneVerdict {
  const expiry = parseExpiry(preview);
  if (expiry === undefined) {
    return {
      kind: 'stay',
      why: `its annotation ${EXPIRY_ANNOTATION} is not a valid time: ${JSON.stringify(preview.expires)}`,
    };
  }
  const until = formatDate(expiry);
  if (expiry.getTime() <= now.getTime()) {
    return { kind: 'prune', why: `it expired at ${until}` };
  }
  if (keep !== undefined && !keep.includes(preview.name)) {
    return { kind: 'prune', why: 'it is not in `keep`' };
  }
  return { kind: 'stay', why: `it expires at ${until}` };
}

/** Checks whether a deploy renewed the preview, or created it again, after it was first read. */
export function isRenewed(before: Preview, now: Preview): boolean {
  return before.uid !== now.uid || before.expires !== now.expires;
}

/** On the Lease `<name>-preview`: by it previews are found. */
export const PREVIEW_LABEL = 'nats-cluster-action/preview';

/** On the same: until when the preview stays (RFC 3339), renewed by every deploy. */
export const EXPIRY_ANNOTATION = 'nats-cluster-action/expires';

/** On the same: the text that `name` had, as that of a branch. Two texts may come to one name. */
export const ORIGIN_ANNOTATION = 'nats-cluster-action/preview-of';

/** A deployment that was made with a `ttl`, as its Lease tells. */
export type Preview = {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** As it is written; what cannot be read never comes. */
  readonly expires: string;
  /** What `name` was when it was made or renewed; undefined where the Lease does not say. */
  readonly origin?: string | undefined;
};

/** When a preview goes by itself; undefined when nobody can tell. */
function expiryOf({ expires }: Pick<Preview, 'expires'>): Date | undefined {
  const time = new Date(expires);
  return /^\d{4}-\d\d-\d\dT/.test(expires) && !Number.isNaN(time.getTime()) ? time : undefined;
}

/** How reports name it. */
export function previewTitle({ namespace, name }: Pick<Preview, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/** `keep`: the names of those that stay; undefined when none were given, so that only their time counts. */
export type PruneTerms = { readonly keep: readonly string[] | undefined; readonly now: Date };

/** Why a preview is to go, or stays. */
export type PruneVerdict = { readonly kind: 'prune' | 'stay'; readonly why: string };

export function pruneVerdict(preview: Preview, { keep, now }: PruneTerms): PruneVerdict {
  const expiry = expiryOf(preview);
  if (expiry === undefined) {
    return {
      kind: 'stay',
      why: `its annotation ${EXPIRY_ANNOTATION} tells no time: ${JSON.stringify(preview.expires)}`,
    };
  }
  const until = expiry.toISOString();
  if (expiry.getTime() <= now.getTime()) {
    return { kind: 'prune', why: `its time is up since ${until}` };
  }
  if (keep !== undefined && !keep.includes(preview.name)) {
    return { kind: 'prune', why: 'it is not in keep' };
  }
  return { kind: 'stay', why: `it has time until ${until}` };
}

/** Whether a deploy has renewed, or made anew, what was seen before. */
export function isRenewed(before: Preview, now: Preview): boolean {
  return before.uid !== now.uid || before.expires !== now.expires;
}

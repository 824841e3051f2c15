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
function expiryOf({ expires }: Pick<Preview, 'expires'>): Date | undefined {
  const time = new Date(expires);
  return /^\d{4}-\d\d-\d\dT/.test(expires) && !Number.isNaN(time.getTime()) ? time : undefined;
}

/** Returns the name of a preview in reports. */
export function previewTitle({ namespace, name }: Pick<Preview, 'namespace' | 'name'>): string {
  return `${namespace}/${name}`;
}

/**
 * `keep` holds the names of the previews that stay; undefined if the input is absent, so that only the expiry counts.
 */
export type PruneTerms = { readonly keep: readonly string[] | undefined; readonly now: Date };

/** The decision whether a preview is deleted or stays, with its reason. */
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

/** Checks whether a deploy renewed the preview, or made it again, after the first look. */
export function isRenewed(before: Preview, now: Preview): boolean {
  return before.uid !== now.uid || before.expires !== now.expires;
}

/** An object that has a name of the deployment but is kept, and the reason. */
export type LeftObject = { readonly object: string; readonly why: string };

/** The result of a deletion. Objects are named `Kind/name`. */
export type DeletionReport = {
  readonly kind: 'deletion';
  readonly name: string;
  readonly namespace: string;
  readonly deleted: readonly string[];
  readonly left: readonly LeftObject[];
};

/** What was found under the names of the deployment and stays, and why. */
export type LeftObject = { readonly object: string; readonly why: string };

/** What became of a deployment that was to be deleted. Objects are named `Kind/name`. */
export type DeletionReport = {
  readonly kind: 'deletion';
  readonly name: string;
  readonly namespace: string;
  readonly deleted: readonly string[];
  readonly left: readonly LeftObject[];
};

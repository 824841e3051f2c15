/** A change that a running cluster cannot make, and the way out. */
export type ForbiddenChange = {
  readonly input: string;
  readonly reason: string;
  readonly message: string;
  readonly hint: string;
};

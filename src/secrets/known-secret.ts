/** A password, private key or token. */
export type KnownSecret = {
  readonly text: string;
  /** Where it comes from, for the reader of a warning: `client-password`, `Secret nats-system`. */
  readonly source: string;
};

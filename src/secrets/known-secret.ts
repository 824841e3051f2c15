/** A password, private key or token. */
export type KnownSecret = {
  readonly text: string;
  /** The origin of the secret, for the reader of a warning: `client-password`, `Secret nats-system`. */
  readonly source: string;
};

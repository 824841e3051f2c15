import type { Headers } from './impersonation.ts';
import type { Environment } from './proxy.ts';

/** The headers and the certificate that authenticate a user; PEM. */
export type UserCredentials = {
  readonly headers: Headers;
  readonly certificate?: { readonly cert: string; readonly key: string };
};

/** The context for reading credentials; `now` returns milliseconds since 1970. */
export type ReaderTerms = {
  readonly env: Environment;
  /** The secrets that must not appear in the output of a plugin. */
  readonly secrets: readonly string[];
  readonly now: () => number;
};

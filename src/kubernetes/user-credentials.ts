import type { Headers } from './impersonation.ts';
import type { Environment } from './proxy.ts';

/** What authenticates a user; PEM. */
export type UserCredentials = {
  readonly headers: Headers;
  readonly certificate?: { readonly cert: string; readonly key: string };
};

/** What reading credentials needs to know; `now` in milliseconds since 1970. */
export type ReaderTerms = {
  readonly env: Environment;
  /** Not to be shown in what a plugin says. */
  readonly secrets: readonly string[];
  readonly now: () => number;
};

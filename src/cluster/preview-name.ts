import { createHash } from 'node:crypto';

/**
 * A Service takes the name of a deployment as it is (RFC 1035 label: begins with a letter), and 52 characters leave room
 * for the longest name made from it: the StatefulSet controller's label `<name>-<ten characters of hash>`.
 */
export const DEPLOYMENT_NAME = { pattern: /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/, longest: 52 } as const;

const HASH_DIGITS = 8;
const PREFIX = 'nats-';

/** Longer than any name of a branch that file systems can hold. */
const LONGEST_TEXT = 1000;

export function isDeploymentName(text: string): boolean {
  return text.length <= DEPLOYMENT_NAME.longest && DEPLOYMENT_NAME.pattern.test(text);
}

/**
 * The name of the preview that is called `text`, a branch for example: the text itself when it is a valid name, otherwise
 * what can be kept of it and a digest of the whole, so that no two texts get the same one. Undefined for several lines.
 */
export function previewName(text: string): string | undefined {
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

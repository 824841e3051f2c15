import { createHash } from 'node:crypto';

/**
 * The rule for the name of a deployment. A Service takes the name unchanged (RFC 1035 label: begins with a letter). 52
 * characters leave space for the longest name made from it: the StatefulSet controller's label `<name>-<ten characters
 * of hash>`.
 */
export const DEPLOYMENT_NAME = { pattern: /^[a-z](?:[a-z0-9-]*[a-z0-9])?$/, longest: 52 } as const;

const HASH_DIGITS = 8;
const PREFIX = 'nats-';

/** A limit above the length of any branch name that file systems can hold. */
const LONGEST_TEXT = 1000;

export function isDeploymentName(text: string): boolean {
  return text.length <= DEPLOYMENT_NAME.longest && DEPLOYMENT_NAME.pattern.test(text);
}

/**
 * Returns the name of the preview that is called `text`, for example a branch. The name is the text itself if that is
 * valid. Otherwise it is the readable part of the text and a digest of the whole text, so that two texts never get the
 * same name. Returns undefined for an empty text, for control characters such as line breaks, and for more than 1000
 * characters.
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

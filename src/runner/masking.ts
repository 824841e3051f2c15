const SHORTEST_MASK = 4;
const SHORTEST_LINE_MASK = 16;

/**
 * What to register with the runner so that `secret` is never shown. Masks are narrow: the runner hides *every*
 * occurrence and drops job outputs that contain one, so a header such as `-----BEGIN` or a short common word would
 * ruin the log. A secret of several lines (a key) is masked by its long lines and by its base64.
 */
export function masksFor(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/).map((line) => line.trim());
  if (lines.length === 1) return secret.length < SHORTEST_MASK ? [] : [secret];
  const body = lines.filter((line) => line.length >= SHORTEST_LINE_MASK && !line.startsWith('-----'));
  return [...body, Buffer.from(secret).toString('base64')];
}

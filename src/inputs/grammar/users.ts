import { type ConfiguredUser, OWN_USER_PREFIX, type SubjectRules, type UserPermissions } from '../../cluster/user.ts';
import { duration, formatDuration } from './duration.ts';
import { isVariableName } from './kubernetes-name.ts';
import type { Grammar } from './row.ts';
import { createShapeParser, requireFields, requireItems, requireText, ShapeProblem } from './shape.ts';

const MAX_USERS = 1000;
const MAX_SUBJECTS = 1000;

/**
 * The pattern of `isBcrypt` of nats-server `server/auth.go`, and of the hashes that Go's bcrypt then accepts: cost 4 to
 * 31, 22 + 31 characters.
 */
const BCRYPT = /^\$2[abxy]\$(?<cost>0[4-9]|[12]\d|3[01])\$[./A-Za-z0-9]{53}$/;
const LOOKS_LIKE_BCRYPT = /^\$2[abxy]?\$/;

const PASSWORD_IN_TEXT =
  /["']?\bpassword["']?\s*:\s*(?:"(?<double>(?:[^"\\]|\\.)*)"?|'(?<single>(?:[^']|'')*)'?|(?<plain>[^\s,}#'"|>][^,}\n]*))/g;

const responseExpiry = duration('1s', '365d');

/**
 * The grammar of additional users, with nats-server's own words for their permissions (`parseUserPermissions` of
 * `server/opts.go`).
 */
export const userList: Grammar<readonly ConfiguredUser[]> = {
  expected:
    'a YAML list of users, as `- {user: orders, password: …, permissions: {publish: [orders.>], subscribe: {allow: [_INBOX.>], deny: [audit.>]}, allow_responses: true}}`',
  example: '',
  typing: { type: 'string' },
  parse: createShapeParser(readUsers),
  secrets: findPasswords,
};

/** Returns the users as text that `userList` reads. The text holds their passwords. */
export function formatUsers(users: readonly ConfiguredUser[]): string {
  const items = users.map(({ user, password, permissions }) => {
    const { publish, subscribe, allowResponses } = permissions ?? {};
    const { max, expiresMs } = allowResponses ?? {};
    const expires = expiresMs === undefined ? undefined : formatDuration(expiresMs);
    const limits = max === undefined && expires === undefined ? true : { max, expires };
    const allowed = allowResponses === undefined ? undefined : limits;
    return { user, password, permissions: permissions && { publish, subscribe, allow_responses: allowed } };
  });
  return JSON.stringify(items); // JSON is YAML, and leaves out undefined fields.
}

/**
 * Returns the cost of a bcrypt hash as a power of two: the number of hash rounds of each check. Returns undefined for a
 * password in plain text.
 */
export function parseBcryptCost(password: string): number | undefined {
  const { cost } = BCRYPT.exec(password)?.groups ?? {};
  return cost === undefined ? undefined : Number(cost);
}

function readUsers(value: unknown): readonly ConfiguredUser[] {
  const names = new Map<string, number>();
  return requireItems(value, 'the users', MAX_USERS).map((item, index) => {
    const where = `user ${index + 1}`;
    const user = readUser(item, where);
    const first = names.get(user.user);
    if (first !== undefined) throw new ShapeProblem(`${where} to have another name than user ${first}`);
    names.set(user.user, index + 1);
    return user;
  });
}

function readUser(value: unknown, where: string): ConfiguredUser {
  const fields = requireFields(value, where, ['user', 'password', 'permissions']);
  const user = requireText(fields.get('user'), `\`user\` of ${where}`);
  if (!/^[^\p{Cc}]{1,128}$/u.test(user) || user.trim() !== user) {
    throw new ShapeProblem(`\`user\` of ${where} to be 1 to 128 printable characters`);
  }
  if (user.startsWith(OWN_USER_PREFIX)) {
    throw new ShapeProblem(
      `\`user\` of ${where} not to begin with \`${OWN_USER_PREFIX}\`, which is reserved for users of this Action`,
    );
  }
  const permissions = fields.get('permissions');
  return {
    user,
    ...(fields.has('password') ? { password: readPassword(fields.get('password'), where) } : {}),
    ...(permissions === undefined || permissions === null ? {} : { permissions: readPermissions(permissions, where) }),
  };
}

function readPassword(value: unknown, where: string): string {
  const password = requireText(value, `\`password\` of ${where}`);
  if (isVariableName(password)) {
    throw new ShapeProblem(
      `\`password\` of ${where} to be the password itself, for example \`\${{ secrets.NAME }}\`: a variable such as \`$NAME\` is not replaced`,
    );
  }
  if (LOOKS_LIKE_BCRYPT.test(password) && !BCRYPT.test(password)) {
    throw new ShapeProblem(
      `\`password\` of ${where} to be a complete bcrypt hash, or a password that does not begin like a bcrypt hash`,
    );
  }
  if (!/^[^\p{Cc}]{1,256}$/u.test(password)) {
    throw new ShapeProblem(`\`password\` of ${where} to be 1 to 256 printable characters on one line`);
  }
  return password;
}

function readPermissions(value: unknown, where: string): UserPermissions {
  const inside = `the permissions of ${where}`;
  const fields = requireFields(value, inside, ['publish', 'subscribe', 'allow_responses']);
  const [publish, subscribe] = [fields.get('publish'), fields.get('subscribe')];
  const allowResponses = readResponses(fields.get('allow_responses'), where);
  return {
    ...(publish === undefined ? {} : { publish: readRules(publish, `\`publish\` of ${where}`, false) }),
    ...(subscribe === undefined ? {} : { subscribe: readRules(subscribe, `\`subscribe\` of ${where}`, true) }),
    ...(allowResponses === undefined ? {} : { allowResponses }),
  };
}

/** Reads rules. One subject or a list of them is the list of allowed subjects. */
function readRules(value: unknown, where: string, mayQueue: boolean): SubjectRules {
  if (typeof value === 'string' || Array.isArray(value)) return { allow: readSubjects(value, where, mayQueue) };
  const fields = requireFields(value, where, ['allow', 'deny']);
  if (fields.size === 0) throw new ShapeProblem(`\`allow\` or \`deny\` in ${where}`);
  return Object.fromEntries([...fields].map(([key, subjects]) => [key, readSubjects(subjects, where, mayQueue)]));
}

/** Reads subjects. The list is never empty, because nats-server allows every subject if the list is empty. */
function readSubjects(value: unknown, where: string, mayQueue: boolean): readonly string[] {
  const items = typeof value === 'string' ? [value] : requireItems(value, `the subjects in ${where}`, MAX_SUBJECTS);
  return items.map((item) => {
    const subject = requireText(item, `each subject in ${where}`);
    const [own = '', queue, ...more] = subject.split(' ');
    const isQueue = mayQueue && queue !== undefined && isValidSubject(queue) && more.length === 0;
    if (!isValidSubject(own) || (queue !== undefined && !isQueue)) {
      throw new ShapeProblem(`valid subjects in ${where}, as \`orders.*.new\` or \`orders.>\``);
    }
    return subject;
  });
}

/**
 * Checks a subject as `isValidSubject` of nats-server `server/sublist.go` does: tokens between dots, `>` only as the
 * last token.
 */
function isValidSubject(subject: string): boolean {
  const tokens = subject.split('.');
  return (
    !/[\s\p{Cc}]/u.test(subject) &&
    tokens.every((token, index) => token !== '' && (token !== '>' || index === tokens.length - 1))
  );
}

function readResponses(value: unknown, where: string): UserPermissions['allowResponses'] {
  if (value === undefined || value === null || value === false) return undefined;
  if (value === true) return {};
  const inside = `\`allow_responses\` of ${where}`;
  const fields = requireFields(value, inside, ['max', 'expires']);
  const max = fields.get('max');
  if (max !== undefined && (typeof max !== 'number' || !Number.isSafeInteger(max) || max === 0 || max < -1)) {
    throw new ShapeProblem(`\`max\` in ${inside} to be a whole number above 0, or -1 for any number`);
  }
  const expires = fields.get('expires');
  return {
    ...(max === undefined ? {} : { max }),
    ...(expires === undefined ? {} : { expiresMs: readExpiry(expires, inside) }),
  };
}

function readExpiry(value: unknown, where: string): number {
  const parsed = responseExpiry.parse(requireText(value, `\`expires\` in ${where}`));
  if (parsed.kind === 'refused') throw new ShapeProblem(`\`expires\` in ${where} to be ${responseExpiry.expected}`);
  return parsed.value;
}

/** Finds passwords in the text itself, so that those of an invalid YAML text are masked as well. */
function findPasswords(text: string): readonly string[] {
  const written = [...text.matchAll(PASSWORD_IN_TEXT)].flatMap(({ groups = {} }): readonly (string | undefined)[] => {
    const { double, single, plain } = groups;
    return [double, single?.replaceAll("''", "'"), plain?.replace(/(?<!\s)\s+#.*/, '').trimEnd()];
  });
  const parsed = userList.parse(text);
  const read = parsed.kind === 'accepted' ? parsed.value.map(({ password }) => password) : [];
  return [...new Set([...written, ...read].flatMap((secret) => secret || []))];
}

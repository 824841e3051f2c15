import type { Facts } from './facts.ts';

const MASK = '***';
/** Shorter ones are part of ordinary words everywhere; the patterns below find them where they stand as a password. */
const SHORTEST_SECRET = 4;
/** From here on a secret is no part of an ordinary word. */
const SHORTEST_ANYWHERE = 8;
const SHORTEST_LINE = 16;

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ((?:[A-Z0-9]+ )*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, MASK],
  [/(?<![A-Za-z0-9+/=])(?:[A-Za-z0-9+/=]{16,80}\s{1,4}){1,100}-----END (?:[A-Z0-9]+ )*PRIVATE KEY-----/g, MASK], // its beginning is cut off
  // `scheme://user:password@host`; a password that nobody encoded may hold `@`, `/` and `:`; a port is none.
  [
    /((?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,31}:\/\/)([^\s:@/"'\\]{0,256}):(?!\d{1,5}\/)[^\s"'\\]{1,512}@/gi,
    `$1$2:${MASK}@`,
  ],
  [/\b(password|passwd|passphrase)(["']?\s*[:=]\s*)("(?:[^"\n\\]|\\.)*"?|'[^'\n]*'?|[^\s,;}\]"']+)/gi, `$1$2${MASK}`],
  [/\b(token|secret)(["']?=|["']?\s*:\s*(?=["']))("(?:[^"\n\\]|\\.)*"?|'[^'\n]*'?|[^\s,;}\]"']+)/gi, `$1$2${MASK}`],
  [/\bS[ACNOUX][A-Z2-7]{56}\b/g, MASK], // nkeys seeds
  [/(?<![\w-])eyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g, MASK], // JWT
  [/\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/g, MASK], // bcrypt
];

/**
 * The text without passwords and private keys: the known `secrets` in every form they are written in, and whatever
 * stands where one does. Everything else stays as it is, since a reader has nothing but these words.
 */
export function redact(text: string, secrets: readonly string[]): string {
  const known = knownForms(secrets);
  const withoutKnown = known === undefined ? text : text.replace(known, MASK);
  return PATTERNS.reduce((rest, [pattern, mask]) => rest.replace(pattern, mask), withoutKnown);
}

function knownForms(secrets: readonly string[]): RegExp | undefined {
  const forms = new Set(secrets.flatMap(formsOf).filter((form) => form.length >= SHORTEST_SECRET));
  const longestFirst = [...forms].toSorted((left, right) => right.length - left.length);
  return forms.size === 0 ? undefined : new RegExp(longestFirst.map(pattern).join('|'), 'g');
}

/** Short alphanumeric ones only as a word of their own. */
function pattern(form: string): string {
  const isWord = form.length < SHORTEST_ANYWHERE && /^[A-Za-z0-9]+$/.test(form);
  return isWord ? `(?<![A-Za-z0-9])${form}(?![A-Za-z0-9])` : form.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/\r?\n/);
  const long = lines.filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'));
  const bytes = Buffer.from(secret, 'utf8');
  return [
    lines.length > 1 ? secret.trimEnd() : secret,
    ...long,
    encodeURIComponent(secret.toWellFormed()),
    encodeURIComponent(secret.toWellFormed()).replaceAll('%20', '+'),
    JSON.stringify(secret).slice(1, -1),
    ...(bytes.length < SHORTEST_SECRET ? [] : base64Forms(bytes)),
  ];
}

/** As base64 alone, and the part that does not depend on its neighbours within something longer (`user:password`). */
function base64Forms(bytes: Buffer): readonly string[] {
  const within = [0, 1, 2].map((offset) => {
    const first = Math.ceil((offset * 8) / 6);
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return Buffer.concat([Buffer.alloc(offset), bytes])
      .toString('base64')
      .slice(first, whole);
  });
  const long = within.filter((form) => form.length >= SHORTEST_ANYWHERE);
  return [bytes.toString('base64'), bytes.toString('base64url'), ...long];
}

/** Facts that may be shown: everything in them that somebody else wrote is redacted. */
export function redactFacts(facts: Facts, secrets: readonly string[]): Facts {
  const safe = (text: string): string => redact(text, secrets);
  const safeState = <State extends { readonly kind: string }>(state: State): State =>
    'message' in state && typeof state.message === 'string' ? { ...state, message: safe(state.message) } : state;
  return {
    ...facts,
    pods: facts.pods.map((pod) => ({
      ...pod,
      conditions: pod.conditions.map((condition) => ({ ...condition, message: safe(condition.message) })),
      containers: pod.containers.map((container) => ({
        ...container,
        state: safeState(container.state),
        lastState: safeState(container.lastState),
      })),
    })),
    events: facts.events.map((event) => ({ ...event, message: safe(event.message) })),
    logs: facts.logs.map((log) => {
      // As one text, since a key has many lines; where lines vanish, those that were new stay the last ones.
      const lines = safe(log.lines.join('\n')).split('\n');
      return { ...log, lines, freshFrom: Math.max(0, log.freshFrom - (log.lines.length - lines.length)) };
    }),
    unread: facts.unread.map(safe),
  };
}

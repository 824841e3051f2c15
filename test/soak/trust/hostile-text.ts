import type { Draw } from '../../chaos/random.ts';
import { writtenCanary } from './canaries.ts';

const SPACES = [
  '',
  ' ',
  '\t',
  '\v',
  '\f',
  '\u0085',
  '\u00a0',
  '\u2003',
  '\u2028',
  '\u2029',
  '\u3000',
  '\ufeff',
  '\u200b',
  '\u00ad',
  '\u2060',
  '\ufe0f',
  '\0',
] as const;
const ENDS = ['\n', '\r', '\r\n', '\n\n', '\u0085', '\u2028', '\v'] as const;
const NAMES = [
  'stop-commands',
  'add-mask',
  'set-output name=a',
  'save-state name=a',
  'error title=x',
  'group',
  'endgroup',
  'add-matcher',
  'debug',
  'add-path',
  'set-env name=A',
  'echo',
  'warning file=a,line=1',
  'notice',
  'remove-matcher owner=a',
  'STOP-COMMANDS',
] as const;
const MARKDOWN = [
  '[x](https://evil.example)',
  '![x](https://evil.example/x.png)',
  'https://evil.example',
  'www.evil.example',
  '@octocat',
  '#1',
  'GH-3',
  ':tada:',
  '# forged',
  '===',
  '---',
  '```',
  '~~~',
  '</pre>',
  '</details>',
  '<img src=x onerror=alert(1)>',
  '<h1>x</h1>',
  '<script>',
  '<!--',
  '|',
  '\\|',
  '`',
  '**',
  '_',
  '[x]: https://evil.example',
  '&lt;',
  '<https://evil.example>',
  '$x$',
  '- [ ] x',
  '> x',
  '    x',
] as const;
const WORDS = [
  'nats-0',
  'denied',
  'Route Error',
  'password:',
  'token=',
  'secret "x"',
  '-----BEGIN PRIVATE KEY-----',
  '-----END PRIVATE KEY-----',
  'tls://u:p@h',
  '{"a":"',
  '"}',
  "'",
  '%0A',
  '%25',
  '\ud800',
  '😀',
  'é',
  '\x1b[31m',
  '\x07',
  '\u202e',
  '… (9 more characters)',
  '%',
  '$x',
  '*',
] as const;
/** The pieces that are repeated to make a text long. */
const LONG = [
  'A',
  'a',
  ' ',
  '\n',
  'deadbeef01',
  'a://b:',
  'password=',
  'password="',
  'eyJ-',
  '-----BEGIN PRIVATE KEY-----',
  '##[',
  '::',
  '\r',
  '\\n',
  '&',
  '<',
  '|',
  '`',
  '@a',
  '[',
  'x@',
  '\u0085',
  '{"',
  '%0A',
  'AAAAAAAAAAAAAAAAAAA\n',
  'cNr7y',
  'U',
] as const;

/** Returns a text that tries to give commands, to leak and to be read as Markdown, with random other content. */
export function hostileText(draw: Draw): string {
  const parts = Array.from({ length: 1 + draw.whole(0, 10 - 1) }, () => part(draw));
  return parts.join(draw.oneOf(['', ' ', '']));
}

/** Returns such a text with a part that is repeated up to that length. */
export function longHostileText(draw: Draw, length: number): string {
  const filling = draw.oneOf(LONG);
  const long = filling.repeat(Math.ceil(length / filling.length));
  return `${hostileText(draw)}${long}${hostileText(draw)}`.slice(0, length);
}

function part(draw: Draw): string {
  const kind = draw.whole(0, 10 - 1);
  if (kind < 3) return command(draw);
  if (kind < 5) return writtenCanary(draw);
  if (kind < 7) return draw.oneOf(MARKDOWN);
  return kind === 7 ? draw.oneOf(ENDS) : draw.oneOf(WORDS);
}

function command(draw: Draw): string {
  const [end, space, name] = [draw.oneOf(['', ...ENDS]), draw.oneOf(SPACES), draw.oneOf(NAMES)];
  return draw.chance(0.5) ? `${end}${space}::${space}${name}::x` : `${space}#${draw.oneOf(['', '', space])}#[${name}]x`;
}

import { escapeHtml, escapeInline, escapePreformatted } from '../text/markdown-escape.ts';

/**
 * Returns the forms in which programs write a text of one line into other texts, including the text itself.
 * `listBase64Forms` returns its base64.
 */
export function listWrittenForms(text: string): readonly string[] {
  const forms = [
    text,
    ...listJsonForms(text),
    ...listQuotedForms(text),
    ...listMarkupForms(text),
    ...listPercentForms(text),
  ];
  // A program may quote each of these forms once more, as a string of JSON.
  return [...new Set([...forms, ...forms.map(encodeJson)])];
}

/** Returns the forms in which messages quote a line of a longer text. */
export function listLineForms(line: string): readonly string[] {
  return [line, encodeJson(line), escapeInline(line)];
}

/**
 * Returns the text as a string of JSON, of YAML in double quotes and of Go's `%q`, and once more within a string of
 * JSON.
 */
function listJsonForms(text: string): readonly string[] {
  const plain = encodeJson(text);
  const forms = [
    plain,
    // Go's encoding/json writes these escapes to protect HTML.
    plain.replaceAll(/[<>&]/g, (character) => escapeUnicode(character)),
    plain.replaceAll(/[^\x20-\x7e]/g, (character) => escapeUnicode(character)),
    plain.replaceAll(/[<>&]|[^\x20-\x7e]/g, (character) => escapeUnicode(character)),
    plain.replaceAll('/', '\\/'),
  ];
  return [...forms, ...forms.map(encodeJson)];
}

function encodeJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapeUnicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Returns the text in single quotes of YAML, and of a shell. */
function listQuotedForms(text: string): readonly string[] {
  return [text.replaceAll("'", "''"), text.replaceAll("'", "'\\''")];
}

/** Returns the text in Markdown as this Action writes it, and in HTML and XML as other programs write it. */
function listMarkupForms(text: string): readonly string[] {
  const quotes = [
    ['"', "'"],
    ['&quot;', '&#39;'],
    ['&#34;', '&#39;'],
    ['&quot;', '&apos;'],
    ['&quot;', '&#x27;'],
  ] as const;
  const html = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return [
    escapeInline(text),
    // Some signs need no escape between letters.
    escapeInline(`x${text}x`).slice(1, -1),
    escapeHtml(text),
    escapePreformatted([text]),
    ...quotes.map(([double, single]) => html.replaceAll('"', double).replaceAll("'", single)),
  ];
}

/** The characters that URL encoders keep in addition to letters and digits, one pattern for each encoder. */
const KEPT_IN_URLS: readonly RegExp[] = [
  /[-_.~]/, // RFC 3986, and Go's url.QueryEscape
  /[-_.!~*'()]/, // encodeURIComponent
  /_/,
  /$^/,
  /[-_.~$&+,;=]/, // Go's url.UserPassword
  /[-_.~$&+:=@]/, // Go's url.PathEscape
  /[-_.~!$&'()*+,%]/, // userinfo of the URL Standard
  /[-_.~!$&'()*+,;=:@/?#]/, // encodeURI
];

function listPercentForms(text: string): readonly string[] {
  const wellFormed = text.toWellFormed();
  return KEPT_IN_URLS.flatMap((kept) => {
    const upper = percentEncode(wellFormed, kept);
    const lower = upper.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
    return [upper, lower].flatMap((form) => [form, form.replaceAll('%20', '+')]);
  });
}

function percentEncode(text: string, kept: RegExp): string {
  return Array.from(text, (character) => {
    if (/[A-Za-z0-9]/.test(character) || kept.test(character)) return character;
    return Array.from(Buffer.from(character), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(
      '',
    );
  }).join('');
}

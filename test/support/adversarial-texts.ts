/** Pieces that make a regular expression, parser or loop restart, backtrack or nest if they are repeated. */
const PIECES: readonly string[] = [
  'A',
  'a ',
  '-',
  '/',
  ' ',
  '\t',
  '\n',
  '\r',
  '"',
  "'",
  '`',
  '\\',
  '|',
  '[',
  '{',
  '{"a":',
  '(',
  '<',
  '&a [',
  '*a ',
  '$',
  '%',
  '@a',
  '#1 ',
  ':a:',
  'www.',
  'a://b:',
  'a://b:c@',
  'password=',
  'password: "',
  "password: '",
  'key: ',
  'token token ',
  '-----BEGIN CERTIFICATE-----\n',
  '-----BEGIN PRIVATE KEY-----\nAAAA\n',
  '-----BEGIN NATS USER JWT-----\n',
  'eyJ-',
  'eyJaaaaaaaaa.',
  'clusters',
  '[ERR] ',
  '[FTL] x\n',
  'nats-server: ',
  'Parse error on line 1: ',
  'x.conf:1:1: ',
  'lookup for host a ',
  'TLS route handshake error: ',
  'exceeded quota: a, requested: ',
  'storageclass',
  'untolerated taint ',
  'create Pod a in StatefulSet a ',
  'failed calling webhook "a":',
  '\u{1F600}',
  'e\u0301\u0301',
  '\u202E',
  '\u2028',
];

export type AdversarialText = { readonly name: string; readonly text: string };

/** The texts by their length. They are kept, because they take long to make and every test uses the same ones. */
const made = new Map<number, readonly AdversarialText[]>();

/** Returns a text of about this many characters for each piece, and some texts of varying content. */
export function adversarialTexts(length: number): readonly AdversarialText[] {
  const texts = made.get(length) ?? makeTexts(length);
  made.set(length, texts);
  return texts;
}

function makeTexts(length: number): readonly AdversarialText[] {
  const repeated = PIECES.map((piece) => ({
    name: JSON.stringify(piece),
    text: piece.repeat(Math.ceil(length / piece.length)),
  }));
  const numbered = (name: string, line: (index: number) => string): AdversarialText => {
    const parts: string[] = [];
    for (let size = 0, index = 0; size < length; index += 1) {
      const part = line(index);
      parts.push(part);
      size += part.length;
    }
    return { name, text: parts.join('') };
  };
  return [
    ...repeated,
    numbered('many keys', (index) => `k${index}: 1\n`),
    numbered('many anchors', (index) => `k${index}: &a${index} 1\n`),
    numbered('many quoted keys', (index) => `"k${index}": "v"\n`),
    numbered('many items', (index) => `- i${index}\n`),
    numbered('many users', (index) => `- {user: u${index}, password: p${index}}\n`),
    numbered('many names', (index) => `name-${index}.example.com,`),
  ];
}

import {
  type Asn1,
  boolean,
  integer,
  nullValue,
  octetString,
  oid,
  sequence,
  set,
  tagged,
  taggedBytes,
  utf8,
} from '../../../../src/pki/der.ts';
import { EXTENSION } from '../../../../src/pki/extensions.ts';
import { changed, pick } from './chain.ts';
import { type Draft, extension, latin1, name, withExtension, withoutExtension } from './draft.ts';
import { anyOf, type Deviation } from './use-deviations.ts';

const TRUE = boolean(true);
const ODD_TRUE: Asn1 = { ...TRUE, value: '\x01' };
const octets = (hex: string): Asn1 => octetString(Buffer.from(hex, 'hex'));
const policies = (...ids: readonly string[]): Asn1 => sequence(...ids.map((id) => sequence(oid(id))));
const urlParts = sequence(sequence(tagged(0, tagged(0, latin1(6, 'http://crl.example.com/x')))));

const EXTENSIONS: readonly Asn1[] = [
  extension('1.2.3.4', nullValue(), TRUE),
  extension('1.2.3.4', nullValue()),
  extension('1.2.3.4', nullValue(), boolean(false)),
  extension('1.2.3.4', nullValue(), ODD_TRUE),
  sequence({ ...oid('2.25'), value: '\x69\x88\x80\x80\x80\x00' }, octetString(Buffer.of(5, 0))), // 2.25.2147483648
  extension('2.5.29.14', octets('0102'), TRUE),
  extension('2.5.29.14', sequence()),
  extension('2.5.29.35', sequence(taggedBytes(0, Buffer.of(1, 2))), TRUE),
  extension('2.5.29.35', sequence(taggedBytes(0, Buffer.of(1, 2)))), // of another key
  extension('2.5.29.35', nullValue()),
  extension('2.5.29.31', urlParts, TRUE),
  extension('2.5.29.31', urlParts),
  extension('2.5.29.31', sequence(nullValue())),
  extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), latin1(6, 'http://a')))),
  extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), latin1(6, 'http://a'))), TRUE),
  extension('1.3.6.1.5.5.7.1.1', sequence(nullValue())),
  extension('2.5.29.32', policies('1.2.3', '1.2.4')),
  extension('2.5.29.32', policies('2.5.29.32.0'), TRUE),
  extension('2.5.29.32', policies('1.2.3', '1.2.3')),
  extension('2.5.29.33', sequence(sequence(oid('1.2.3'), oid('1.2.4'))), TRUE),
  extension('2.5.29.33', sequence(sequence(oid('2.5.29.32.0'), oid('1.2.4')))),
  extension('2.5.29.36', sequence(taggedBytes(0, Buffer.of(0))), TRUE),
  extension('2.5.29.36', sequence(taggedBytes(0, Buffer.of(0)))),
  extension('2.5.29.36', sequence(taggedBytes(0, Buffer.of(5)))),
  extension('2.5.29.36', sequence(taggedBytes(1, Buffer.of(0)))),
  extension('2.5.29.54', integer(Uint8Array.of(0)), TRUE),
  extension('2.5.29.54', nullValue()),
  extension('2.5.29.18', sequence(latin1(2, 'x')), TRUE), // issuerAltName
  extension('2.5.29.9', sequence()),
];

const extensions: Deviation = (draw, chain) => {
  const entry = pick(draw, EXTENSIONS);
  return changed(chain, anyOf(draw, chain), (draft) =>
    draw.chance(0.1) ? { ...draft, extensions: [...draft.extensions, entry, entry] } : withExtension(draft, entry),
  );
};

const stringType = (tag: number, text: string): Asn1 => ({ ...utf8(text), type: tag });
const STRINGS: readonly Asn1[] = [
  stringType(19, 'printable'),
  stringType(19, 'under_score'),
  stringType(19, 'a*b&c'),
  stringType(20, 'tele\xfctex'),
  stringType(22, 'ia5@example'),
  stringType(22, 'ia\xfc5'),
  stringType(18, '12 34'),
  stringType(18, 'letters'),
  stringType(26, 'visible'),
  stringType(28, '\0\0\0a'),
  stringType(30, '\0a\0b'),
  stringType(30, '\0a\0'),
  stringType(30, '\xd8\x3d\xde\x00'),
  stringType(12, '\xff\xfe'),
  stringType(4, 'octets'),
  { ...utf8('x'), constructed: true, value: [utf8('x')] },
];

/**
 * Changes the string types of names. If the type differs between issuer and subject, peers that compare bytes find no
 * issuer.
 */
const names: Deviation = (draw, chain) => {
  const value = pick(draw, STRINGS);
  const index = anyOf(draw, chain);
  const renamed = changed(chain, index, (draft) => ({ ...draft, subject: name('', value) }));
  if (draw.chance(0.6)) return renamed;
  const text = `ca ${draw.whole(0, 9)}`;
  return changed(
    changed(chain, index, (draft) => ({ ...draft, subject: name(text) })),
    Math.max(0, index - 1),
    (draft) => (index === 0 ? draft : { ...draft, issuer: name('', stringType(19, text)) }),
  );
};

const FIELDS: readonly ((draft: Draft) => Draft)[] = [
  (draft) => ({ ...draft, serial: { ...draft.serial, value: '\x80' } }),
  (draft) => ({ ...draft, serial: { ...draft.serial, value: '\0' } }),
  (draft) => ({ ...draft, serial: { ...draft.serial, value: '' } }),
  (draft) => ({ ...draft, serial: { ...draft.serial, value: '\x01'.repeat(40) } }),
  (draft) => ({ ...draft, before: [taggedBytes(1, Buffer.of(0, 1))] }),
  (draft) => ({ ...draft, before: [taggedBytes(1, Buffer.of(0, 1)), taggedBytes(2, Buffer.of(0, 1))] }),
  (draft) => ({ ...draft, before: [taggedBytes(2, Buffer.of(0, 1)), taggedBytes(1, Buffer.of(0, 1))] }),
  (draft) => ({ ...draft, before: [tagged(1, nullValue())] }),
  (draft) => ({ ...draft, before: [taggedBytes(4, Buffer.of(0))] }),
  (draft) => ({ ...draft, after: [nullValue()] }),
  (draft) => ({ ...draft, finish: (der) => Buffer.concat([der, Buffer.of(0)]) }),
  (draft) => ({ ...draft, subject: sequence() }),
  (draft) => ({ ...draft, subject: sequence(set()) }),
  (draft) => withoutExtension(draft, EXTENSION.subjectAltName),
];

const fields: Deviation = (draw, chain) => changed(chain, anyOf(draw, chain), pick(draw, FIELDS));

/** Overwrites any bytes of the signed part before it is signed, as a careless CA might sign them. */
const damage: Deviation = (draw, chain) =>
  changed(chain, anyOf(draw, chain), (draft) => ({
    ...draft,
    damage: (tbs) => {
      const copy = Buffer.from(tbs);
      for (let count = draw.whole(1, 2); count > 0; count -= 1) {
        const at = draw.whole(0, copy.length - 1);
        copy[at] = draw.chance(0.5) ? (copy[at] ?? 0) ^ (1 << draw.whole(0, 7)) : draw.whole(0, 255);
      }
      return copy;
    },
  }));

export const ENCODING_DEVIATIONS = {
  extension: extensions,
  'name encoding': names,
  field: fields,
  damage,
} as const satisfies Readonly<Record<string, Deviation>>;

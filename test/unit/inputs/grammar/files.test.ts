import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fileMap, findFileSecrets, formatFiles } from '../../../../src/inputs/grammar/files.ts';
import { listMasks } from '../../../../src/secrets/masks.ts';

const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMIIBpublicpublicpublic\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN PRIVATE KEY-----\nMIIEhunter2hunter2hunter2\n-----END PRIVATE KEY-----\n';

const masksIn = (text: string) => (fileMap.secrets?.(text) ?? []).flatMap(listMasks);

describe('files', () => {
  test('are text by name, as it is written', () => {
    const text = 'accounts.conf: |\n  accounts { A: {} }\n  # end\nempty: ""\n_a-B.9: x\n.hidden: y\n';
    const value = { 'accounts.conf': 'accounts { A: {} }\n# end\n', empty: '', '_a-B.9': 'x', '.hidden': 'y' };
    expect(fileMap.parse(text)).toEqual({ kind: 'accepted', value });
  });

  test.each([
    ['no YAML', 'a: ['],
    ['no mapping', '[a]'],
    ['a text', 'a'],
    ['a number', 'a: 1'],
    ['nothing', 'a:'],
    ['a folder', 'a/b: x'],
    ['a way out', '../a: x'],
    ['a way up', '"..": x'],
    ['here', '".": x'],
    ['what the kubelet names its links', '..data: x'],
    ['a blank', 'a b: x'],
    ['no name', '"": x'],
    ['a long name', `${'a'.repeat(254)}: x`],
    ['the configuration', 'nats.conf: x'],
    ['the folder of the server certificate', 'server: x'],
    ['the authority of routes', 'route-ca.crt: x'],
    ['a route certificate', 'route-nats-0.crt: x'],
    ['an adopted route certificate', 'route.key: x'],
    ['more than a Secret holds', `a: ${'x'.repeat(262_145)}`],
    ['very many', Array.from({ length: 101 }, (_, index) => `f${index}: x`).join('\n')],
    ['half a character', 'a: "\\ud800"'],
    ['the same twice', 'a: x\na: y'],
  ])('refuse %s', (_, text) => {
    expect(fileMap.parse(text).kind).toBe('refused');
  });

  test('are never repeated by what refuses them', () => {
    const refused = fileMap.parse('"hunter2/x": hunter2');
    expect(JSON.stringify(refused)).not.toContain('hunter2');
  });

  test('are read back as they were written', () => {
    const name = fc.stringMatching(/^f[\w.-]{0,20}$/);
    fc.assert(
      fc.property(fc.dictionary(name, fc.string({ unit: 'binary' })), (files) => {
        expect(fileMap.parse(formatFiles(files))).toEqual({ kind: 'accepted', value: files });
      }),
    );
  });

  test.each([
    ['a password, however short', 'a: |\n  user: x\n  password: "hunt2"\n', 'hunt2'],
    ['a token on its line', 'a: "token: s3cr3t"', 's3cr3t'],
    ['a private key', formatFiles({ 'a.key': KEY }), 'MIIEhunter2hunter2hunter2'],
    ['a long line', 'a: |\n  x\n  https://user:hunter2@example.com\n', 'https://user:hunter2@example.com'],
    ['what is no YAML', 'a: [\n  password-is-hunter2-hunter2', 'password-is-hunter2-hunter2'],
  ])('hide %s', (_, text, hidden) => {
    expect(masksIn(text).some((mask) => mask.includes(hidden) && mask.length < 80)).toBe(true);
  });

  test('hide no certificate and no brace, which would ruin every later line', () => {
    const files = { 'a.crt': CERTIFICATE, 'a.conf': 'accounts {\n  A: {}\n}\n' };
    const masks = findFileSecrets(files).flatMap(listMasks);
    expect(masks.filter((mask) => mask.includes('public') || /^\W*$/.test(mask))).toEqual([]);
    expect(findFileSecrets({ 'a.crt': CERTIFICATE })).toEqual([]);
  });
});

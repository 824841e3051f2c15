import { describe, expect, test } from '@jest/globals';
import { readStoredTexts, readTexts } from '../../../../../src/nats/conf/settings/sources.ts';

const whole = { input: 'config-file', file: 'my.conf', text: 'include part.conf', included: [['part.conf', 'a: 1']] };

describe('the stored texts of a configuration', () => {
  test('are read with the files that they include', () => {
    const included = new Map([['part.conf', 'a: 1']]);
    const stored = readTexts({ input: 'config-file', file: 'my.conf', text: 'include part.conf', included });
    expect(readStoredTexts(stored.texts)).toEqual(stored);
    expect(readStoredTexts(JSON.stringify(whole))?.tree.entries).toEqual({ a: 1 });
  });

  test.each<readonly [string, object]>([
    ['an input that is not a text', { input: 5 }],
    ['no input', { input: undefined }],
    ['no file', { file: undefined }],
    ['no text', { text: undefined }],
    ['a list of texts', { text: ['a: 1'] }],
    ['no included files', { included: undefined }],
    ['included files by name', { included: { 'part.conf': 'a: 1' } }],
    ['an included file without a text', { included: [['part.conf']] }],
    ['an included file with two texts', { included: [['part.conf', 'a: 1', 'b: 2']] }],
    ['an included text that is not a text', { included: [['part.conf', 5]] }],
    ['an included name that is not a text', { included: [[5, 'a: 1']] }],
    ['an included file that is not a pair', { included: ['ab'] }],
    ['one damaged file after an intact one', { included: [...whole.included, ['other.conf']] }],
  ])('are unknown with %s', (_, damage) => {
    expect(readStoredTexts(JSON.stringify({ ...whole, ...damage }))).toBeUndefined();
  });

  test.each(['', 'canary', 'null', '[]', '"text"', '{}'])('are unknown in the text %j', (texts) => {
    expect(readStoredTexts(texts)).toBeUndefined();
  });
});

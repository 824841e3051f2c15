import { describe, expect, test } from '@jest/globals';
import { checkObjectSizes, MAX_SECRET_BYTES } from '../../../src/manifests/object-sizes.ts';

const secret = (name: string, texts: Readonly<Record<string, number>>) => ({
  kind: 'Secret',
  metadata: { name },
  data: Object.fromEntries(Object.entries(texts).map(([key, size]) => [key, Buffer.alloc(size).toString('base64')])),
});
const configured = { configurationInput: 'config-file' };

describe('the size check of a Secret', () => {
  test.each([
    ['accepts 1 MiB', { 'nats.conf': MAX_SECRET_BYTES }, undefined],
    ['refuses one byte more', { 'nats.conf': MAX_SECRET_BYTES, a: 1 }, 'config-file'],
    ['adds up all values', { 'nats.conf': 500_000, 'accounts.conf': 600_000 }, 'files'],
    [
      'names the input users if the users need the most space',
      { 'users.json': 900_000, 'configuration.json': 200_000 },
      'users',
    ],
    [
      'names the input ca-certificate if the chain needs the most space',
      { 'tls.crt': 900_000, 'ca.crt': 200_000 },
      'ca-certificate',
    ],
    [
      'names the input of the configuration if two configurations need the most space',
      { 'configuration.json': 600_000, 'previous-configuration.json': 600_000 },
      'config-file',
    ],
  ])('%s', (_, texts, input) => {
    const violations = checkObjectSizes([secret('nats-system', texts)], configured);
    expect(violations.map((each) => each.input)).toEqual(input === undefined ? [] : [input]);
    const total = Object.values(texts).reduce((sum, size) => sum + size, 0);
    if (input !== undefined) expect(violations[0]?.message).toContain(`\`nats-system\` would hold ${total} bytes`);
  });

  test.each([
    ['mentions the configuration before it if both are too large', 'configuration.json', true],
    ['does not mention the configuration before it if files are too large', 'accounts.conf', false],
    ['does not mention a configuration before it without one', 'configuration.json', false],
  ])('%s', (title, key, isMentioned) => {
    const previous = title.endsWith('without one') ? {} : { 'previous-configuration.json': 10 };
    const [violation] = checkObjectSizes([secret('nats-system', { [key]: 1_100_000, ...previous })], configured);
    expect(violation?.message.includes('rollback-on-failure')).toBe(isMentioned);
    expect(violation?.correction).toContain(
      `${1_100_000 + (title.endsWith('without one') ? 0 : 10) - MAX_SECRET_BYTES} bytes`,
    );
  });

  test('ignores other objects, and values that are no text', () => {
    const large = secret('nats-system', { a: MAX_SECRET_BYTES + 1 });
    expect(checkObjectSizes([{ ...large, kind: 'StatefulSet' }], configured)).toEqual([]);
    expect(checkObjectSizes([{ ...large, data: undefined }], configured)).toEqual([]);
    expect(checkObjectSizes([{ ...large, data: { a: 1, b: null } }], configured)).toEqual([]);
  });

  test('leaves space for later runs', () => {
    const reserved = { 'nats-system': 1 };
    const [object] = [secret('nats-system', { 'settings.json': MAX_SECRET_BYTES })];
    expect(checkObjectSizes([object], configured)).toEqual([]);
    expect(checkObjectSizes([object], { ...configured, reserved })).toHaveLength(1);
  });
});

test('the size check of annotations includes those that are added later', () => {
  const object = { kind: 'StatefulSet', metadata: { name: 'nats', annotations: { a: 'x'.repeat(262_143) } } };
  expect(checkObjectSizes([object], configured)).toEqual([]);
  const [violation] = checkObjectSizes([object], { ...configured, annotated: { 'StatefulSet/nats': 1 } });
  expect(violation).toMatchObject({ input: 'overrides', message: expect.stringContaining('262145 bytes') });
});

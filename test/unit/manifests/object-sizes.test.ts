import { describe, expect, test } from '@jest/globals';
import { checkObjectSizes, MAX_SECRET_BYTES } from '../../../src/manifests/object-sizes.ts';

const secret = (name: string, texts: Readonly<Record<string, number>>) => ({
  kind: 'Secret',
  metadata: { name },
  data: Object.fromEntries(Object.entries(texts).map(([key, size]) => [key, Buffer.alloc(size).toString('base64')])),
});
const configured = { configurationInput: 'config-file' };

describe('a Secret', () => {
  test.each([
    ['of 1 MiB is stored', { 'nats.conf': MAX_SECRET_BYTES }, undefined],
    ['of a byte more is not', { 'nats.conf': MAX_SECRET_BYTES, a: 1 }, 'config-file'],
    ['counts all of its values', { 'nats.conf': 500_000, 'accounts.conf': 600_000 }, 'files'],
    ['of many users names them', { 'users.json': 900_000, 'configuration.json': 200_000 }, 'users'],
    ['of a long chain names it', { 'tls.crt': 900_000, 'ca.crt': 200_000 }, 'ca-certificate'],
    [
      'of two configurations names theirs',
      { 'configuration.json': 600_000, 'previous-configuration.json': 600_000 },
      'config-file',
    ],
  ])('%s', (_, texts, input) => {
    const violations = checkObjectSizes([secret('nats-system', texts)], configured);
    expect(violations.map((each) => each.input)).toEqual(input === undefined ? [] : [input]);
    const total = Object.values(texts).reduce((sum, size) => sum + size, 0);
    if (input !== undefined) expect(violations[0]?.message).toContain(`\`nats-system\` would hold ${total} bytes`);
  });

  test('leaves free what later runs need', () => {
    const reserved = { 'nats-system': 1 };
    const [object] = [secret('nats-system', { 'settings.json': MAX_SECRET_BYTES })];
    expect(checkObjectSizes([object], configured)).toEqual([]);
    expect(checkObjectSizes([object], { ...configured, reserved })).toHaveLength(1);
  });
});

test('annotations are counted with those that are added later', () => {
  const object = { kind: 'StatefulSet', metadata: { name: 'nats', annotations: { a: 'x'.repeat(262_143) } } };
  expect(checkObjectSizes([object], configured)).toEqual([]);
  const [violation] = checkObjectSizes([object], { ...configured, annotated: { 'StatefulSet/nats': 1 } });
  expect(violation).toMatchObject({ input: 'overrides', message: expect.stringContaining('262145 bytes') });
});

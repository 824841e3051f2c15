import { describe, expect, test } from '@jest/globals';
import { fitCredentials, requireStorable } from '../../../../src/commands/desired/configuration.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import { parseConfiguration } from '../../../../src/nats/conf/reader/parse.ts';
import { readTexts } from '../../../../src/nats/conf/settings/sources.ts';
import { renderConfiguration } from '../../../../src/nats/conf/writer/write.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { materialFor } from '../../support/material.ts';
import { rendered } from '../../support/rendered-files.ts';

const spec = clusterSpec();
const { credentials: plain, settings } = materialFor(spec);

/**
 * Returns the text of a configuration that is stored in about `bytes` bytes: JSON writes each tab in two characters.
 */
const textOf = (bytes: number): string => `ping_max: 3 #${'\t'.repeat(bytes / 2)}\nping_interval: "1m"`;
const configurationOf = (bytes: number) =>
  readTexts({ input: 'config-file', file: 'my.conf', text: textOf(bytes), included: new Map() });
const big = configurationOf(600_000);

const errorOf = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    return error;
  }
};

describe('an object that is too large for the API server', () => {
  test.each([
    ['a configuration', { configuration: configurationOf(1_100_000) }, 'config-file'],
    [
      'many users',
      { users: Array.from({ length: 1000 }, (_, index) => ({ user: `${index}${'u'.repeat(1100)}`, password: 'p' })) },
      'users',
    ],
    ['files', { files: { a: 'x'.repeat(1_048_576) } }, 'files'],
  ])('is refused before the first write: %s', (_, change, input) => {
    const error = errorOf(() => requireStorable({ spec, credentials: { ...plain, ...change }, settings }));
    expect(error).toMatchObject({ code: 'INPUT_INVALID' });
    const { message } = error instanceof ActionError ? error : new Error('nothing was refused');
    expect(message).toContain(`  ${input}: Secret \`nats-`);
    expect(message).toMatch(/would hold \d+ bytes, expected at most 1048576/);
  });

  test('is not assumed when the object fits, with the space that a rotation needs', () => {
    expect(() => requireStorable({ spec, credentials: { ...plain, configuration: big }, settings })).not.toThrow();
  });
});

describe('two configurations that do not fit in one Secret', () => {
  const credentials = { ...plain, configuration: big, previousConfiguration: big.texts };

  test('are reduced to the new one', () => {
    const kept = fitCredentials({ spec, credentials, settings }, false);
    expect(kept.configuration).toBe(big);
    expect(kept).not.toHaveProperty('previousConfiguration');
  });

  test('are refused if a rollback needs both', () => {
    const error = errorOf(() => fitCredentials({ spec, credentials, settings }, true));
    expect(error).toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('`rollback-on-failure`') });
  });

  test('are both kept if they fit', () => {
    const small = { ...credentials, previousConfiguration: '{}' };
    expect(fitCredentials({ spec, credentials: small, settings }, true)).toBe(small);
  });
});

test.each([{}, { allow: 'rendered-secrets' }])(
  'render refuses a configuration that is too large before it writes a file: %j',
  async (inputs) => {
    const config = textOf(1_100_000);
    await expect(rendered({ config, ...inputs })).rejects.toThrow('Secret `nats-');
  },
);

test('the size of a rendered configuration depends on its entries, not on its nesting depth', () => {
  const text = `${'a {\n'.repeat(90)}x [\n${'1\n'.repeat(20_000)}]\n${'}\n'.repeat(90)}`;
  const tree = parseConfiguration({ input: 'config', file: 'a', text }, { files: new Map(), environment: new Set() });
  const written = renderConfiguration(tree);
  expect(written.length).toBeLessThan(text.length * 1.1);
  expect(
    parseConfiguration({ input: 'config', file: 'a', text: written }, { files: new Map(), environment: new Set() })
      .entries,
  ).toEqual(tree.entries);
});

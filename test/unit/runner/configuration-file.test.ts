import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ActionError, hasCode } from '../../../src/errors/action-error.ts';
import { readConfigurationFile } from '../../../src/runner/given-inputs.ts';
import { deployInputs } from '../support/deploy-inputs.ts';

let folder: string;
let hidden: string[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'configuration-file-'));
  hidden = [];
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function write(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

/** Reads a file from the folder `checkout`. */
async function read(path: string) {
  const inputs = deployInputs({ configFile: path });
  const environment = { GITHUB_WORKSPACE: join(folder, 'checkout') };
  const found = await readConfigurationFile(inputs, environment, ({ text }) => hidden.push(text));
  return found.command === 'deploy' ? found.config : undefined;
}

async function refused(path: string): Promise<ActionError<'INPUT_INVALID'>> {
  const error: unknown = await read(path).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!hasCode(error, 'INPUT_INVALID')) throw error;
  return error;
}

describe('the input config-file', () => {
  test('is read with its includes, also nested ones', async () => {
    await write({
      'checkout/deploy/nats.conf': 'include "inner/a.conf"\nping_max: 3',
      'checkout/deploy/inner/a.conf': 'include "b.conf"',
      'checkout/deploy/inner/b.conf': 'accounts { A { users [{user: u, password: "in b"}] } }',
    });
    expect(Object.keys((await read('deploy/nats.conf'))?.tree.entries ?? {})).toEqual(['accounts', 'ping_max']);
    expect(hidden).toContain('in b');
  });

  test('may be YAML because of its name', async () => {
    await write({ 'checkout/nats.yaml': 'ping_max: 3' });
    expect((await read('./nats.yaml'))?.tree.entries).toEqual({ ping_max: 3 });
  });

  test('may be a link within the workspace', async () => {
    await write({ 'checkout/a/nats.conf': 'ping_max: 3' });
    await symlink(join(folder, 'checkout/a/nats.conf'), join(folder, 'checkout/link.conf'));
    expect((await read('link.conf'))?.tree.entries).toEqual({ ping_max: 3 });
  });

  test('is refused with file and line of an error, and its secrets are masked first', async () => {
    await write({
      'checkout/nats.conf': 'include "a.conf"',
      'checkout/a.conf': '\naccounts { A { password: "secret one"',
    });
    const { message, details } = await refused('nats.conf');
    expect(details.violations).toMatchObject([{ input: 'config-file', at: { file: 'a.conf', line: 2 } }]);
    expect(message).not.toContain('secret one');
    expect(hidden).toContain('secret one');
  });

  test('is refused with the line of an include that is not found', async () => {
    await write({ 'checkout/nats.conf': '\ninclude "absent.conf"' });
    expect((await refused('nats.conf')).details.violations).toMatchObject([{ at: { file: 'nats.conf', line: 2 } }]);
  });

  test.each(['../outside.conf', 'link.conf', 'linked/outside.conf', 'absent.conf', '.', 'latin.conf', 'large.conf'])(
    'is refused: %s',
    async (path) => {
      await write({
        'outside.conf': 'ping_max: 3',
        'checkout/latin.conf': Buffer.from([0x61, 0x3a, 0xff]),
        'checkout/large.conf': `#${' '.repeat(2 ** 20)}`,
      });
      await symlink(join(folder, 'outside.conf'), join(folder, 'checkout/link.conf'));
      await symlink(folder, join(folder, 'checkout/linked'));
      expect((await refused(path)).details.violations).toMatchObject([{ input: 'config-file' }]);
    },
  );

  test.each(['../outside.conf', 'link.conf', 'inner'])('cannot include %s', async (name) => {
    await write({ 'outside.conf': 'ping_max: 3', 'checkout/nats.conf': `include "${name}"`, 'checkout/inner/x': '' });
    await symlink(join(folder, 'outside.conf'), join(folder, 'checkout/link.conf'));
    expect((await refused('nats.conf')).details.violations).toMatchObject([{ at: { file: 'nats.conf', line: 1 } }]);
  });

  test('is not in the workspace of a folder whose name only begins the same', async () => {
    await write({ 'checkout/x': '', 'checkout-more/nats.conf': 'ping_max: 3' });
    expect((await refused('../checkout-more/nats.conf')).code).toBe('INPUT_INVALID');
  });
});

test('a command that does not use config-file does not read it', async () => {
  const inputs = deployInputs();
  expect(await readConfigurationFile(inputs, {}, () => undefined)).toBe(inputs);
});

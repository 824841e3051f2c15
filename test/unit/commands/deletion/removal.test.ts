import { expect, test } from '@jest/globals';
import { Waiting } from '../../../../src/commands/context/waiting.ts';
import { removeFound } from '../../../../src/commands/deletion/removal.ts';
import type { ObjectRef } from '../../../../src/kubernetes/resources.ts';
import { liveObject } from '../../support/live-object.ts';

const SECRETS = ['nats-client', 'nats-server'].map((name) => liveObject('Secret', name));

const FOUND = {
  statefulSet: undefined,
  isSetForeign: false,
  pods: [],
  objects: SECRETS,
  claims: [],
  preview: undefined,
  isLocked: true,
  foreign: [],
};

/** Removes the Secrets. `remove` answers each deletion, and a deleted object disappears at once. */
async function removeSecrets(remove: (name: string) => Promise<boolean>) {
  const lines: string[] = [];
  const removed = new Set<string>();
  const runner = { info: (line: string) => lines.push(line), section: () => {} };
  const signal = new AbortController().signal;
  const api = {
    get: async ({ name }: ObjectRef) => SECRETS.find(({ metadata }) => metadata.name === name && !removed.has(name)),
    list: async () => ({ objects: [], resourceVersion: '1' }),
    requirePermissions: async () => {},
    remove: async ({ name }: ObjectRef) => {
      const was = await remove(name);
      removed.add(name);
      return was;
    },
  };
  const run = { api, runner, waiting: new Waiting(runner, () => 0, 60_000), signal, stop: signal };
  return { lines, names: await removeFound(run, { namespace: 'messaging', name: 'nats', volumes: false }, FOUND) };
}

test('a removal returns the objects, and logs them once every deletion was accepted', async () => {
  const { lines, names } = await removeSecrets(async () => true);
  expect(names).toEqual(['Secret/nats-client', 'Secret/nats-server']);
  expect(lines).toEqual(['deleting Secret/nats-client, Secret/nats-server']);
});

test('a removal fails with the error of a deletion that the API server refuses', async () => {
  const refusal = new Error('admission denied the deletion');
  const removal = removeSecrets(async (name) => {
    await Promise.resolve();
    if (name === 'nats-server') throw refusal;
    return true;
  });
  await expect(removal).rejects.toBe(refusal);
});

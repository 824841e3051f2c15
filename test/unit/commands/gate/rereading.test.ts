import { expect, test } from '@jest/globals';
import { Rereading } from '../../../../src/commands/gate/rereading.ts';
import type { MeshProblem } from '../../../../src/nats/mesh/observation.ts';
import { expectedServers, patchedApi, reloadsMesh } from '../../support/reloads-mesh.ts';

const noRoute: MeshProblem = { from: 'nats-0', to: 'nats-2', reason: 'NoRoute', message: '' };
const starting: MeshProblem = { from: 'nats-1', to: undefined, reason: 'NotObserved', message: '' };

function scene(isCurrent = true) {
  const { states, log } = reloadsMesh();
  let at = 0;
  const api = patchedApi((name) => log.push(`annotate ${name}`));
  const rereading = new Rereading(expectedServers(api), {
    servers: states,
    isVolumeCurrent: async () => isCurrent,
    now: () => at,
  });
  const round = async (laterMs: number, problems: readonly MeshProblem[]): Promise<boolean> => {
    at += laterMs;
    return await rereading.next(problems);
  };
  return { log, round };
}

test('both servers of a pair without routes get a refresh of their volumes, once', async () => {
  const { log, round } = scene();
  expect(await round(0, [noRoute])).toBe(false);
  expect(await round(1400, [noRoute])).toBe(false);
  expect(await round(200, [noRoute])).toBe(true);
  expect(log).toEqual(['annotate nats-0', 'annotate nats-2']);
  expect(await round(1100, [noRoute])).toBe(true);
  expect(await round(200, [noRoute])).toBe(true);
  expect(log.slice(2)).toEqual(['reload nats-0', 'reload nats-2']);
  for (const laterMs of [100, 1000, 5000]) expect(await round(laterMs, [noRoute])).toBe(false);
  expect(log).toHaveLength(4);
});

test('servers of a mesh that completes by itself get no refresh of their volumes', async () => {
  const { log, round } = scene();
  for (const problems of [[noRoute], [], [noRoute], []]) await round(1400, problems);
  expect(log).toEqual([]);
});

test('servers get no refresh of their volumes while another server is starting', async () => {
  const { log, round } = scene();
  for (let turn = 0; turn < 5; turn++) await round(900, [starting, noRoute]);
  expect(log).toEqual([]);
});

test('servers get no refresh for Secrets that were changed after the apply', async () => {
  const { log, round } = scene(false);
  for (let turn = 0; turn < 5; turn++) expect(await round(900, [noRoute])).toBe(false);
  expect(log).toEqual([]);
});

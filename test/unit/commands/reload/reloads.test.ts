import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { reloadsMesh, round } from '../../support/reloads-mesh.ts';

const ANNOTATED = ['annotate nats-0', 'annotate nats-1', 'annotate nats-2'];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('the reloads in a complete mesh', () => {
  test('follow one after the other, and each server is verified before the next', async () => {
    const mesh = reloadsMesh();
    const results: boolean[] = [];
    for (let turn = 0; turn < 4; turn++) results.push(await round(mesh, 'complete'));
    const first = ['reload nats-0', 'verify nats-0 first', 'verify nats-0'];
    const others = ['nats-1', 'nats-2'].flatMap((pod) => [`reload ${pod}`, `verify ${pod}`]);
    expect(mesh.log).toEqual([...ANNOTATED, ...first, ...others]);
    expect(results).toEqual([true, true, true, false]);
    expect(mesh.reloads.done()).toEqual(['nats-0', 'nats-1', 'nats-2']);
  });

  test('wait for the mesh to settle after each server, without a time limit', async () => {
    const mesh = reloadsMesh();
    await round(mesh, 'complete');
    for (let turn = 0; turn < 5; turn++) {
      jest.advanceTimersByTime(2000);
      await round(mesh, 'settling');
    }
    expect(mesh.log.filter((line) => line.startsWith('reload'))).toEqual(['reload nats-0']);
  });

  test('end with the first failed check, and the next server stays as it is', async () => {
    const mesh = reloadsMesh({ verifies: (pod) => pod !== 'nats-1' });
    await round(mesh, 'complete');
    await round(mesh, 'complete');
    await expect(round(mesh, 'complete')).rejects.toThrow('nats-1 is not verified');
    expect(mesh.servers.map(({ isReloaded }) => isReloaded)).toEqual([true, true, false]);
  });

  test('continue while a check runs and the mesh settles, and the next server waits for the check', async () => {
    const { promise: held, resolve } = Promise.withResolvers<void>();
    const mesh = reloadsMesh({ held });
    await round(mesh, 'complete');
    for (let turn = 0; turn < 3; turn++) expect(await round(mesh, 'settling')).toBe(false);
    const next = round(mesh, 'complete');
    await new Promise((done) => setImmediate(done));
    expect(mesh.log.slice(3)).toEqual(['reload nats-0', 'verify nats-0 first']);
    resolve();
    expect(await next).toBe(true);
    expect(mesh.log.slice(5)).toEqual(['verify nats-0', 'reload nats-1']);
  });

  test('end if the first server does not accept the change, and touch no other server', async () => {
    const mesh = reloadsMesh({ holds: false });
    await round(mesh, 'complete');
    await expect(round(mesh, 'complete')).rejects.toThrow('nats-0 does not hold it');
    expect(mesh.servers.map(({ isReloaded }) => isReloaded)).toEqual([true, false, false]);
    expect(mesh.trial.isVerified()).toBe(false);
  });

  test('end with a failed check even if the mesh does not settle', async () => {
    const mesh = reloadsMesh({ verifies: () => false });
    await round(mesh, 'complete');
    await round(mesh, 'settling');
    await new Promise((done) => setImmediate(done));
    await expect(round(mesh, 'settling')).rejects.toThrow('nats-0 is not verified');
  });

  test('are not complete before the last server is verified', async () => {
    const mesh = reloadsMesh({ verifies: (pod) => pod !== 'nats-2' });
    for (let turn = 0; turn < 4; turn++) await round(mesh, 'complete');
    await expect(mesh.reloads.waitUntilVerified()).rejects.toThrow('nats-2 is not verified');
  });

  test('are repeated for the same server until it has the new volume, with a new annotation every 3 s', async () => {
    const mesh = reloadsMesh({ late: ['nats-0'] });
    await round(mesh, 'complete');
    jest.advanceTimersByTime(2900);
    await round(mesh, 'complete');
    expect(mesh.log).toEqual([...ANNOTATED, 'reload nats-0', 'reload nats-0']);
    jest.advanceTimersByTime(200);
    await round(mesh, 'complete');
    expect(mesh.log.slice(5)).toEqual([...ANNOTATED, 'reload nats-0']);
    await round(mesh, 'complete');
    expect(mesh.log.slice(9)).toEqual(['verify nats-0 first', 'verify nats-0', 'reload nats-1']);
  });

  test('do not begin while the state of a server is unknown', async () => {
    const mesh = reloadsMesh({ unseen: ['nats-2'] });
    expect(await round(mesh, 'complete')).toBe(false);
    expect(mesh.log).toEqual(ANNOTATED.slice(0, 2));
  });

  test('are repeated after a rejection, and the message of the server is reported', async () => {
    const mesh = reloadsMesh({ refusals: { 'nats-0': 'config reload not supported for jetstream' } });
    await round(mesh, 'complete');
    expect(mesh.states.get('nats-0')?.refusal).toBe('config reload not supported for jetstream');
    for (const server of mesh.servers) server.refusal = undefined;
    await round(mesh, 'complete');
    expect(mesh.states.get('nats-0')?.refusal).toBeUndefined();
    expect(mesh.log.slice(3)).toEqual(['reload nats-0', 'reload nats-0']);
  });
});

describe('the reloads in a broken mesh', () => {
  test('begin after 3 s with the first server, and then reach all others at once', async () => {
    const mesh = reloadsMesh();
    expect(await round(mesh, 'incomplete')).toBe(false);
    jest.advanceTimersByTime(2900);
    expect(await round(mesh, 'incomplete')).toBe(false);
    expect(mesh.log).toEqual(ANNOTATED);
    jest.advanceTimersByTime(100);
    expect(await round(mesh, 'incomplete')).toBe(true);
    expect(mesh.log.slice(3)).toEqual(['reload nats-0']);
    expect(await round(mesh, 'incomplete')).toBe(false);
    await new Promise((done) => setImmediate(done));
    expect(mesh.log.slice(4, 6)).toEqual(['verify nats-0 first', 'verify nats-0']);
    jest.advanceTimersByTime(3000);
    expect(await round(mesh, 'incomplete')).toBe(true);
    expect(mesh.log.slice(-2)).toEqual(['reload nats-1', 'reload nats-2']);
    expect(await round(mesh, 'incomplete')).toBe(false);
    expect(mesh.log.slice(-2)).toEqual(['verify nats-1', 'verify nats-2']);
  });

  test('do not reach a second server before the first is verified, however long the mesh is broken', async () => {
    const { promise: held } = Promise.withResolvers<void>();
    const mesh = reloadsMesh({ held });
    for (let turn = 0; turn < 5; turn++) {
      await round(mesh, 'incomplete');
      jest.advanceTimersByTime(3000);
    }
    expect(mesh.log.filter((line) => line.startsWith('reload'))).toEqual(['reload nats-0']);
  });

  test('wait again if the mesh was complete in between', async () => {
    const mesh = reloadsMesh();
    await round(mesh, 'incomplete');
    jest.advanceTimersByTime(2000);
    await round(mesh, 'settling');
    jest.advanceTimersByTime(2000);
    expect(await round(mesh, 'incomplete')).toBe(false);
    expect(mesh.log.filter((line) => line.startsWith('reload'))).toEqual([]);
  });

  test('reach the servers that are seen, even if others are missing', async () => {
    const mesh = reloadsMesh({ unseen: ['nats-1'] });
    for (let turn = 0; turn < 4; turn++) {
      await round(mesh, 'incomplete');
      await new Promise((done) => setImmediate(done));
      jest.advanceTimersByTime(3000);
    }
    expect(mesh.reloads.done()).toEqual(['nats-0', 'nats-2']);
  });
});

test('servers that run the revision already are neither annotated, reloaded nor verified', async () => {
  const mesh = reloadsMesh();
  for (const server of mesh.servers) server.isReloaded = true;
  expect(await round(mesh, 'complete')).toBe(false);
  expect([mesh.log, mesh.reloads.done()]).toEqual([[], []]);
});

test('every annotation differs, because otherwise the kubelet would not sync the volume', async () => {
  const mesh = reloadsMesh();
  await round(mesh, 'settling');
  jest.advanceTimersByTime(3100);
  await round(mesh, 'settling');
  expect(mesh.annotations).toHaveLength(6);
  expect(new Set(mesh.annotations).size).toBe(6);
  for (const annotation of mesh.annotations) expect(annotation).toContain('0123456789ab');
});

import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { reloadsMesh, round } from '../../support/reloads-mesh.ts';

const ANNOTATED = ['annotate nats-0', 'annotate nats-1', 'annotate nats-2'];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate'] });
});
afterEach(() => {
  jest.useRealTimers();
});

describe('reloads while the mesh is whole', () => {
  test('go one after the other, and each is proved before the next', async () => {
    const mesh = reloadsMesh();
    const told: boolean[] = [];
    for (let turn = 0; turn < 4; turn++) told.push(await round(mesh, 'complete'));
    const first = ['reload nats-0', 'prove nats-0 first', 'prove nats-0'];
    const others = ['nats-1', 'nats-2'].flatMap((pod) => [`reload ${pod}`, `prove ${pod}`]);
    expect(mesh.log).toEqual([...ANNOTATED, ...first, ...others]);
    expect(told).toEqual([true, true, true, false]);
    expect(mesh.reloads.done()).toEqual(['nats-0', 'nats-1', 'nats-2']);
  });

  test('wait for the mesh to settle after each, however long', async () => {
    const mesh = reloadsMesh();
    await round(mesh, 'complete');
    for (let turn = 0; turn < 5; turn++) {
      jest.advanceTimersByTime(2000);
      await round(mesh, 'settling');
    }
    expect(mesh.log.filter((line) => line.startsWith('reload'))).toEqual(['reload nats-0']);
  });

  test('end with a proof that fails: the next server is left as it is', async () => {
    const mesh = reloadsMesh({ proves: (pod) => pod !== 'nats-1' });
    await round(mesh, 'complete');
    await round(mesh, 'complete');
    await expect(round(mesh, 'complete')).rejects.toThrow('nats-1 is not proved');
    expect(mesh.servers.map(({ isReloaded }) => isReloaded)).toEqual([true, true, false]);
  });

  test('do not wait for a proof while the mesh settles, the next server does', async () => {
    const { promise: held, resolve } = Promise.withResolvers<void>();
    const mesh = reloadsMesh({ held });
    await round(mesh, 'complete');
    for (let turn = 0; turn < 3; turn++) expect(await round(mesh, 'settling')).toBe(false);
    const next = round(mesh, 'complete');
    await new Promise((done) => setImmediate(done));
    expect(mesh.log.slice(3)).toEqual(['reload nats-0', 'prove nats-0 first']);
    resolve();
    expect(await next).toBe(true);
    expect(mesh.log.slice(5)).toEqual(['prove nats-0', 'reload nats-1']);
  });

  test('end with a first server that does not hold the change: no other is touched', async () => {
    const mesh = reloadsMesh({ holds: false });
    await round(mesh, 'complete');
    await expect(round(mesh, 'complete')).rejects.toThrow('nats-0 does not hold it');
    expect(mesh.servers.map(({ isReloaded }) => isReloaded)).toEqual([true, false, false]);
    expect(mesh.trial.isHeld()).toBe(false);
  });

  test('end with a proof that fails also while the mesh does not settle', async () => {
    const mesh = reloadsMesh({ proves: () => false });
    await round(mesh, 'complete');
    await round(mesh, 'settling');
    await new Promise((done) => setImmediate(done));
    await expect(round(mesh, 'settling')).rejects.toThrow('nats-0 is not proved');
  });

  test('are not over before the last is proved', async () => {
    const mesh = reloadsMesh({ proves: (pod) => pod !== 'nats-2' });
    for (let turn = 0; turn < 4; turn++) await round(mesh, 'complete');
    await expect(mesh.reloads.proved()).rejects.toThrow('nats-2 is not proved');
  });

  test('are asked of the same server again until its volume is there, which is annotated every 3 s', async () => {
    const mesh = reloadsMesh({ late: ['nats-0'] });
    await round(mesh, 'complete');
    jest.advanceTimersByTime(2900);
    await round(mesh, 'complete');
    expect(mesh.log).toEqual([...ANNOTATED, 'reload nats-0', 'reload nats-0']);
    jest.advanceTimersByTime(200);
    await round(mesh, 'complete');
    expect(mesh.log.slice(5)).toEqual([...ANNOTATED, 'reload nats-0']);
    await round(mesh, 'complete');
    expect(mesh.log.slice(9)).toEqual(['prove nats-0 first', 'prove nats-0', 'reload nats-1']);
  });

  test('do not begin while a server is not seen, whose state nobody knows', async () => {
    const mesh = reloadsMesh({ unseen: ['nats-2'] });
    expect(await round(mesh, 'complete')).toBe(false);
    expect(mesh.log).toEqual(ANNOTATED.slice(0, 2));
  });

  test('that a server refuses are told with what it says, and are asked again', async () => {
    const mesh = reloadsMesh({ refusals: { 'nats-0': 'config reload not supported for jetstream' } });
    await round(mesh, 'complete');
    expect(mesh.states.get('nats-0')?.refusal).toBe('config reload not supported for jetstream');
    for (const server of mesh.servers) server.refusal = undefined;
    await round(mesh, 'complete');
    expect(mesh.states.get('nats-0')?.refusal).toBeUndefined();
    expect(mesh.log.slice(3)).toEqual(['reload nats-0', 'reload nats-0']);
  });
});

describe('reloads while the mesh is broken', () => {
  test('are not begun before it has been so for 3 s, then of the first, and once that holds all others at once', async () => {
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
    expect(mesh.log.slice(4, 6)).toEqual(['prove nats-0 first', 'prove nats-0']);
    jest.advanceTimersByTime(3000);
    expect(await round(mesh, 'incomplete')).toBe(true);
    expect(mesh.log.slice(-2)).toEqual(['reload nats-1', 'reload nats-2']);
    expect(await round(mesh, 'incomplete')).toBe(false);
    expect(mesh.log.slice(-2)).toEqual(['prove nats-1', 'prove nats-2']);
  });

  test('do not reach a second server while the first is not proved, however long the mesh is broken', async () => {
    const { promise: held } = Promise.withResolvers<void>();
    const mesh = reloadsMesh({ held });
    for (let turn = 0; turn < 5; turn++) {
      await round(mesh, 'incomplete');
      jest.advanceTimersByTime(3000);
    }
    expect(mesh.log.filter((line) => line.startsWith('reload'))).toEqual(['reload nats-0']);
  });

  test('wait anew when it was whole in between', async () => {
    const mesh = reloadsMesh();
    await round(mesh, 'incomplete');
    jest.advanceTimersByTime(2000);
    await round(mesh, 'settling');
    jest.advanceTimersByTime(2000);
    expect(await round(mesh, 'incomplete')).toBe(false);
    expect(mesh.log.filter((line) => line.startsWith('reload'))).toEqual([]);
  });

  test('reach those that are seen, whatever has become of the others', async () => {
    const mesh = reloadsMesh({ unseen: ['nats-1'] });
    for (let turn = 0; turn < 4; turn++) {
      await round(mesh, 'incomplete');
      await new Promise((done) => setImmediate(done));
      jest.advanceTimersByTime(3000);
    }
    expect(mesh.reloads.done()).toEqual(['nats-0', 'nats-2']);
  });
});

test('servers that run this revision already are neither annotated, reloaded nor proved', async () => {
  const mesh = reloadsMesh();
  for (const server of mesh.servers) server.isReloaded = true;
  expect(await round(mesh, 'complete')).toBe(false);
  expect([mesh.log, mesh.reloads.done()]).toEqual([[], []]);
});

test('every annotation is another one, or the kubelet would not look', async () => {
  const mesh = reloadsMesh();
  await round(mesh, 'settling');
  jest.advanceTimersByTime(3100);
  await round(mesh, 'settling');
  expect(mesh.annotations).toHaveLength(6);
  expect(new Set(mesh.annotations).size).toBe(6);
  for (const annotation of mesh.annotations) expect(annotation).toContain('0123456789ab');
});

import { describe, expect, test } from '@jest/globals';
import { deploy } from '../../../../src/commands/deploy.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import { useCluster } from '../../support/simulation/simulated-cluster.ts';
import { deployed, deployRun } from '../../support/simulation/simulated-run.ts';

const cluster = useCluster();

const RESTARTS = ['leave', 'stop', 'start'] as const;
const NEXT_IMAGE = { image: 'nats:2.15.3' };

describe('a change of the pod template', () => {
  test('replaces one server after the other, the highest first, never by the controller alone', async () => {
    const { journal } = cluster();
    const from = await deployed(cluster());
    await deployed(cluster(), NEXT_IMAGE);
    expect(journal.words(RESTARTS, from)).toEqual(
      ['nats-2', 'nats-1', 'nats-0'].flatMap((pod) => [`leave ${pod}`, `stop ${pod}`, `start ${pod}`]),
    );
    expect(journal.words(['delete-pod'], from)).toEqual([]);
  });

  test('waits for the routes of a replaced server before it replaces the next one', async () => {
    const { journal, faults } = cluster();
    const from = await deployed(cluster());
    faults.dialMs = 2000; // A server is Ready long before it has routes.
    await deployed(cluster(), NEXT_IMAGE);
    expect(journal.words(['leave', 'ready', 'join'], from)).toEqual([
      'leave nats-2',
      'ready nats-2',
      'join nats-0 nats-2',
      'join nats-1 nats-2',
      'leave nats-1',
      'ready nats-1',
      'join nats-0 nats-1',
      'join nats-2 nats-1',
      'leave nats-0',
      'ready nats-0',
      'join nats-2 nats-0',
      'join nats-1 nats-0',
    ]);
  });

  test('touches no further server, and writes no object, once it is cancelled', async () => {
    const { clock, journal } = cluster();
    const from = await deployed(cluster());
    const run = deployRun(cluster(), NEXT_IMAGE);
    const reason = new ActionError('CANCELLED', 'the job was cancelled', { hint: '', details: { signal: 'SIGTERM' } });
    const ending = clock.run(deploy(run));
    setTimeout(() => run.cancel(reason), 1000);
    await expect(ending).rejects.toBeInstanceOf(Error);
    await clock.run(clock.pass(10_000));
    expect(journal.words(['leave'], from)).toEqual(['leave nats-2']);
    expect(journal.words(['write'], from).at(-1)).toBe('write Lease/nats-deploy');
    expect(cluster().objects.list('Lease')).toEqual([]);
  });
});

describe('a change of the number of servers', () => {
  test('starts the new servers, and restarts none of the others', async () => {
    const { journal } = cluster();
    const from = await deployed(cluster());
    await deployed(cluster(), { replicas: '5' });
    expect(journal.words(RESTARTS, from)).toEqual(['start nats-3', 'start nats-4']);
  });

  test('removes the leaving servers with their Services, and restarts none of the others', async () => {
    const { journal, objects } = cluster();
    const from = await deployed(cluster(), { replicas: '4' });
    await deployed(cluster(), { replicas: '3' });
    expect(journal.words(RESTARTS, from)).toEqual(['leave nats-3', 'stop nats-3']);
    expect(objects.list('Service').map(({ metadata }) => metadata)).not.toContainEqual(
      expect.objectContaining({ name: 'nats-3' }),
    );
  });
});

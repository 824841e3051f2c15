import { describe, expect, test } from '@jest/globals';
import { deploy } from '../../../../src/commands/deploy.ts';
import type { Entry } from '../../support/simulation/journal.ts';
import { useCluster } from '../../support/simulation/simulated-cluster.ts';
import { deployed, deployRun } from '../../support/simulation/simulated-run.ts';

const cluster = useCluster();

const CHANGE = { 'max-payload': '2MB' };

/** Returns the first entry of each server that runs another revision than `before`. */
function firstOfEach(entries: readonly Entry[], before: string | undefined): readonly Entry[] {
  const changed = entries.filter(({ detail }) => detail !== before);
  return changed.filter(({ subject }, index) => changed.findIndex((entry) => entry.subject === subject) === index);
}

describe('a change that a reload applies', () => {
  test('goes to one server first, then to one after the other, and restarts none', async () => {
    const { journal } = cluster();
    const from = await deployed(cluster());
    const before = journal.entries(['start'])[0]?.detail;
    await deployed(cluster(), CHANGE);
    const reloads = firstOfEach(journal.entries(['reload'], from), before);
    expect(reloads.map(({ subject }) => subject)).toEqual(['nats-0', 'nats-1', 'nats-2']);
    const times = reloads.map(({ atMs }) => atMs);
    expect(times.slice(1).every((atMs, index) => atMs > (times[index] ?? 0) + 50)).toBe(true);
    expect(journal.words(['start', 'leave', 'delete-pod'], from)).toEqual([]);
  });

  test('ends only when every server runs it, even if volumes are updated late', async () => {
    const { journal, network } = cluster();
    await deployed(cluster());
    const before = journal.entries(['start'])[0]?.detail;
    await deployed(cluster(), CHANGE);
    const revisions = ['nats-0', 'nats-1', 'nats-2'].map((pod) => network.server(pod)?.revision);
    expect(new Set(revisions).size).toBe(1);
    expect(revisions).not.toContain(before);
  });

  test('is undone if the first server accepts no application, and reaches no other server', async () => {
    const { clock, journal, faults, network } = cluster();
    const from = await deployed(cluster());
    const before = journal.entries(['start'])[0]?.detail ?? '';
    faults.locksOut = (_server, user, { tags }) => user === 'nats_client_user' && !tags.includes(before);
    const ending = clock.run(deploy(deployRun(cluster(), CHANGE)));
    await expect(ending).rejects.toMatchObject({ code: 'ROLLOUT_STALLED', reason: 'AuthorizationViolation' });
    const touched = firstOfEach(journal.entries(['reload'], from), before);
    expect(touched.map(({ subject }) => subject)).toEqual(['nats-0']);
    expect(network.server('nats-0')?.revision).toBe(before);
    expect(journal.words(['start', 'leave'], from)).toEqual([]);
  });
});

import { expect, test } from '@jest/globals';
import { HealthCheck } from '../../../../src/commands/pods/jetstream-servers.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { issue } from '../../support/issued-certificates.ts';
import { expectedServers, patchedApi } from '../../support/reloads-mesh.ts';

test('the health of every remaining server is checked, and a server that does not respond blocks the next replacement', async () => {
  const asked: string[] = [];
  const api = {
    ...patchedApi(() => {}),
    portForward: async (_: string, pod: string): Promise<never> => {
      asked.push(pod);
      const details = { server: '' };
      throw new ActionError('CLUSTER_UNREACHABLE', 'nobody listens', { reason: 'NoAnswer', hint: '', details });
    },
  };
  const pods = ['nats-0', 'nats-1', 'nats-2'];
  const { clientTrust: trust } = (await issue(clusterSpec())).certificates;
  const problems = await new HealthCheck({ ...expectedServers(api).access, trust }).findProblems(pods);
  expect(asked.toSorted()).toEqual(pods);
  expect(problems.map(({ from, reason }) => [from, reason])).toEqual(pods.map((pod) => [pod, 'NotHealthy']));
});

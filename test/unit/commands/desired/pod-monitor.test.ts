import { describe, expect, test } from '@jest/globals';
import { addPodMonitor, describeMissingPodMonitor } from '../../../../src/commands/desired/deployment.ts';
import type { ApiRequest } from '../../../../src/kubernetes/request.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';

const { signal } = new AbortController();
const spec = clusterSpec({ metrics: true });

describe('a PodMonitor', () => {
  test.each<[string, number, unknown, boolean]>([
    [
      'is wanted if the cluster has its kind',
      200,
      { resources: [{ name: 'servicemonitors' }, { name: 'podmonitors' }] },
      true,
    ],
    ['is not wanted if the operator lacks its kind', 200, { resources: [{ name: 'servicemonitors' }] }, false],
    ['is not wanted if its API group is missing', 404, '404 page not found', false],
    ['is not wanted if discovery is forbidden', 403, {}, false],
    ['is not wanted if discovery has another format', 200, 'hello', false],
    ['is not wanted if discovery has unexpected values', 200, { resources: [7, null, { name: 7 }] }, false],
  ])('%s', async (_, status, body, podMonitor) => {
    const asked: ApiRequest[] = [];
    const request = async (one: ApiRequest) => {
      asked.push(one);
      return { status, body };
    };
    expect((await addPodMonitor({ request }, spec, signal)).podMonitor).toBe(podMonitor);
    expect(asked).toMatchObject([{ method: 'GET', path: '/apis/monitoring.coreos.com/v1' }]);
  });

  test('is not wanted without metrics, and no request is sent', async () => {
    const request = async () => await Promise.reject(new Error('asked'));
    expect(await addPodMonitor({ request }, clusterSpec(), signal)).toEqual(clusterSpec());
  });
});

describe('a PodMonitor whose kind is missing', () => {
  const override = { kind: 'PodMonitor', role: 'servers', patch: {} };
  const other = { ...override, kind: 'Service' };

  test.each([
    ['is named', { metrics: true, overrides: [other] }, /^PodMonitor: not created, .*brings it\)$/],
    ['is named with its override', { metrics: true, overrides: [override] }, /override of it has no effect$/],
  ])('%s', (_, inputs, line) => expect(describeMissingPodMonitor(inputs)).toMatch(line));

  test('is not named without metrics', () => {
    expect(describeMissingPodMonitor({ metrics: false, overrides: [override] })).toBeUndefined();
  });
});

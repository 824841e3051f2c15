import { describe, expect, test } from '@jest/globals';
import { addPodMonitor } from '../../../../src/commands/desired/deployment.ts';
import type { ApiRequest } from '../../../../src/kubernetes/request.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';

const { signal } = new AbortController();
const spec = clusterSpec({ metrics: true });

describe('a PodMonitor', () => {
  test.each<[string, number, unknown, boolean]>([
    ['known', 200, { resources: [{ name: 'servicemonitors' }, { name: 'podmonitors' }] }, true],
    ['not among those of the operator', 200, { resources: [{ name: 'servicemonitors' }] }, false],
    ['of a group that is not there', 404, '404 page not found', false],
    ['hidden from this account', 403, {}, false],
    ['told of in another form', 200, 'hello', false],
    ['told of with other things', 200, { resources: [7, null, { name: 7 }] }, false],
  ])('is wanted where the kind is known: %s', async (_, status, body, podMonitor) => {
    const asked: ApiRequest[] = [];
    const request = async (one: ApiRequest) => {
      asked.push(one);
      return { status, body };
    };
    expect((await addPodMonitor({ request }, spec, signal)).podMonitor).toBe(podMonitor);
    expect(asked).toMatchObject([{ method: 'GET', path: '/apis/monitoring.coreos.com/v1' }]);
  });

  test('is not asked for without metrics', async () => {
    const request = async () => await Promise.reject(new Error('asked'));
    expect(await addPodMonitor({ request }, clusterSpec(), signal)).toEqual(clusterSpec());
  });
});

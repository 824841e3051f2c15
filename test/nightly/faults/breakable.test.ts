import { afterAll, beforeAll, describe } from '@jest/globals';
import { apiFaults } from '../../faults/api-server.ts';
import { type BreakableCluster, startBreakable } from '../../faults/breakable.ts';
import type { BreakableScene, Scene } from '../../faults/fault.ts';
import { imageFaults } from '../../faults/images.ts';
import { networkFaults } from '../../faults/network.ts';
import { nodeFaults } from '../../faults/nodes.ts';
import { PAIR } from '../../faults/stories.ts';
import { describeTheme } from '../../faults/theme.ts';

describe('on a separate Kubernetes cluster', () => {
  let cluster: BreakableCluster | undefined;

  const running = (): BreakableCluster => {
    if (cluster === undefined) throw new Error('the cluster did not start');
    return cluster;
  };
  const admin = (): string => running().admin;
  const sceneOf = (scene: Scene): BreakableScene => ({ ...scene, faults: running().faults });

  beforeAll(async () => {
    cluster = await startBreakable('faults');
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  describeTheme({ name: 'images', faults: imageFaults, admin, sceneOf });
  describeTheme({ name: 'network', inputs: PAIR, faults: networkFaults, admin, sceneOf });
  describeTheme({ name: 'nodes', inputs: PAIR, faults: nodeFaults, admin, sceneOf });
  describeTheme({
    name: 'api-server',
    inputs: PAIR,
    faults: apiFaults(async () => await running().whole()),
    admin,
    sceneOf,
  });
});

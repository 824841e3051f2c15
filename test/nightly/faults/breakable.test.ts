import { afterAll, beforeAll, describe } from '@jest/globals';
import { apiFaults } from '../../e2e/faults/api-server.ts';
import { type BreakableCluster, startBreakable } from '../../e2e/faults/breakable.ts';
import type { BreakableScene, Scene } from '../../e2e/faults/fault.ts';
import { imageFaults } from '../../e2e/faults/images.ts';
import { networkFaults } from '../../e2e/faults/network.ts';
import { nodeFaults } from '../../e2e/faults/nodes.ts';
import { PAIR } from '../../e2e/faults/stories.ts';
import { describeTheme } from '../../e2e/faults/theme.ts';

describe('on a cluster that is there to be broken', () => {
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

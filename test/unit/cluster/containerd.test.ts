import { expect, test } from '@jest/globals';
import { clusterLayout } from '../../cluster/layout.ts';
import { containerd } from '../../cluster/node.ts';

test('what a killed shim leaves in its temporary folder goes with the cluster', () => {
  const layout = clusterLayout('own', '/programs');
  const folders = containerd(layout, 0).env.filter((variable) => variable.startsWith('TMPDIR='));
  expect(folders).toEqual([`TMPDIR=${layout.directory}`]);
});

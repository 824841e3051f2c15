import { expect, test } from '@jest/globals';
import { clusterLayout } from '../../cluster/layout.ts';
import { containerd } from '../../cluster/node.ts';

test('the temporary folder of a killed shim is removed with the cluster', () => {
  const layout = clusterLayout('own', '/programs');
  const folders = containerd(layout, 0).env.filter((variable) => variable.startsWith('TMPDIR='));
  expect(folders).toEqual([`TMPDIR=${layout.directory}`]);
});

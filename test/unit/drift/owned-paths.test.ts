import { describe, expect, test } from '@jest/globals';
import { isOwnedPath, listOwnedPaths } from '../../../src/drift/owned-paths.ts';

const live = {
  a: { 'b/c': 1 },
  ports: [
    { name: 'client', containerPort: 4222, protocol: 'TCP' },
    { name: 'quic', containerPort: 4222, protocol: 'UDP' },
  ],
  conditions: [{ type: 'Ready', status: 'True' }],
};

describe('the paths of the fields of a manager', () => {
  test.each<[string, unknown, readonly string[]]>([
    ['name a field that is not an identifier in quotes', { 'f:a': { 'f:b/c': {} } }, ['a["b/c"]']],
    ['name a list item by all of its keys', portOf('TCP'), ['ports[client].name']],
    ['name the item that differs only in its second key', portOf('UDP'), ['ports[quic].name']],
    ['leave out an item that the object does not have', portOf('SCTP'), []],
    ['leave out an item with malformed keys', { 'f:ports': { 'k:garbage': { 'f:x': {} } } }, []],
    ['leave out an item of a list without known keys', { 'f:conditions': { 'k:{"type":"Ready"}': { 'f:x': {} } } }, []],
    ['leave out an item that is named by its value', { 'f:ports': { 'v:"x"': {} } }, []],
    ['contain a field that the object does not have', { 'f:gone': { 'f:inner': {} } }, ['gone.inner']],
    ['are missing if no fields are recorded', undefined, []],
    ['are missing if the recorded fields are not a map', 'f:a', []],
  ])('%s', (_, trie, paths) => {
    expect(listOwnedPaths(trie, live)).toStrictEqual(paths);
  });

  test.each([
    ['spec.replicas', 'spec.replicas', true],
    ['spec.selector.app', 'spec.selector', true],
    ['spec.args[0]', 'spec.args', true],
    ['metadata.labels["a/b"]', 'metadata.labels', true],
    ['spec.replicasBefore', 'spec.replicas', false],
    ['spec', 'spec.replicas', false],
    ['spec.paused', 'spec.replicas', false],
  ])('contain the path %s if the manager owns %s: %j', (path, owned, expected) => {
    expect(isOwnedPath(['metadata.name', owned], path)).toBe(expected);
  });
});

function portOf(protocol: string) {
  return { 'f:ports': { [`k:{"containerPort":4222,"protocol":"${protocol}"}`]: { '.': {}, 'f:name': {} } } };
}

import { describe, expect, test } from '@jest/globals';
import { findVolumeMismatch } from '../../../../src/commands/preflight/forbidden-changes.ts';

const claims = (servers: number, name = 'nats'): readonly string[] =>
  Array.from({ length: servers }, (_, ordinal) => `jetstream-${name}-${ordinal}`);

const ALONE = { name: 'nats', replicas: 1, shape: 'standalone' } as const;
const CLUSTER = { name: 'nats', replicas: 3, shape: 'cluster' } as const;

describe('the volumes of an earlier deployment', () => {
  test.each([
    ['none, for a standalone server', ALONE, []],
    ['none, for a cluster', CLUSTER, []],
    ['the volume of a standalone server, for a standalone server', ALONE, claims(1)],
    ['the volumes of a larger cluster, for a cluster', CLUSTER, claims(5)],
    ['the volumes of a smaller cluster, for a cluster', CLUSTER, claims(2)],
    ['the volumes of another NATS cluster', CLUSTER, claims(1, 'other')],
    ['claims with other names', CLUSTER, ['jetstream-nats-0-copy', 'data-nats-0']],
  ] as const)('are accepted: %s', (_, spec, names) => {
    expect(findVolumeMismatch(spec, names)).toBeUndefined();
  });

  test.each([
    ['the volumes of a cluster, for a standalone server', ALONE, claims(3), '`replicas` to 2 or more'],
    ['the volume of a standalone server, for a cluster', CLUSTER, claims(1), '`replicas: 1`'],
  ] as const)('are refused, with the solution: %s', (_, spec, names, way) => {
    const refusal = findVolumeMismatch(spec, names);
    expect(refusal).toMatchObject({ code: 'CHANGE_FORBIDDEN', reason: 'StandaloneJetStream' });
    expect(refusal?.message).toContain(names.join(', '));
    expect(refusal?.hint).toContain(`Set ${way}`);
  });
});

import { describe, expect, test } from '@jest/globals';
import { requireAsApplied } from '../../../../src/commands/live/admission.ts';
import { buildStatefulSet, INITIAL_ROLLOUT } from '../../../../src/manifests/manifests.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';

const manifest = buildStatefulSet(clusterSpec({ image: 'nats:2.15.2' }), INITIAL_ROLLOUT);

describe('the response of the API server to an apply', () => {
  const { template } = manifest.spec;
  const withImage = (image: string) => {
    const containers = template.spec.containers.map((container) => ({ ...container, image }));
    const pod = { ...template.spec, containers };
    return { ...manifest, spec: { ...manifest.spec, template: { ...template, spec: pod } } };
  };

  test('is refused if it has another nats-server release than was applied, and both releases are named', () => {
    const attempt = () => requireAsApplied(manifest, withImage('nats:2.14.9'));
    expect(attempt).toThrow(expect.objectContaining({ code: 'APPLY_REJECTED', reason: 'ChangedByAdmission' }));
    expect(attempt).toThrow('from nats:2.15.2 to nats:2.14.9');
  });

  test('is accepted with a notice if it has the same release from a mirror', () => {
    const [change, ...others] = requireAsApplied(manifest, withImage('mirror.example/nats:2.15.2'));
    expect(change).toContain('StatefulSet/nats: ');
    expect(change).toContain('mirror.example/nats:2.15.2');
    expect(others).toEqual([]);
  });
});

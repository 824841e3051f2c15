import { describe, expect, test } from '@jest/globals';
import { requireRequestedPod, requireRequestedRelease } from '../../../../src/commands/pods/requested-server.ts';
import { buildStatefulSet, INITIAL_ROLLOUT } from '../../../../src/manifests/manifests.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { pod } from '../../support/pods.ts';

const streams = { jetstream: { memoryBytes: 0 } };

describe('the release of a server', () => {
  test.each([
    ['that equals the tag of its image', { image: 'nats:2.15.2' }, '2.15.2', undefined],
    ['with an image tag that has no release', { image: 'nats:alpine' }, '2.14.9', '2.15.2'],
    ['that is newer because of a moving tag', { image: 'nats:alpine', ...streams }, '2.15.2', '2.14.9'],
    [
      'that is an older patch release because of a moving tag',
      { image: 'nats:alpine', ...streams },
      '2.15.1',
      '2.15.2',
    ],
    ['of a NATS cluster that was never verified', { image: 'nats:alpine', ...streams }, '2.14.9', undefined],
  ])('is accepted: one %s', (_, overrides, version, ranRelease) => {
    expect(() =>
      requireRequestedRelease({ spec: clusterSpec(overrides), ranRelease }, 'nats-2', version),
    ).not.toThrow();
  });

  test.each([
    ['that differs from the tag', 'OtherRelease', { image: 'nats:2.14.9' }, '2.15.2', undefined],
    ['that differs from a tag with a digest', 'OtherRelease', { image: 'x/nats:2.14.9@sha256:a' }, '2.15.2', undefined],
    ['that is older than the streams', 'Downgrade', { image: 'nats:alpine', ...streams }, '2.14.9', '2.15.2'],
    [
      'that is older than the streams because of a digest',
      'Downgrade',
      { image: 'nats@sha256:a', ...streams },
      '2.14.9',
      '2.15.2',
    ],
  ])('is refused: one %s (%s)', (_, reason, overrides, version, ranRelease) => {
    expect(() => requireRequestedRelease({ spec: clusterSpec(overrides), ranRelease }, 'nats-2', version)).toThrow(
      expect.objectContaining({ code: 'SERVER_UNSUPPORTED', reason, message: expect.stringContaining('nats-2') }),
    );
  });
});

describe('a pod that admission changed', () => {
  const spec = clusterSpec({ image: 'nats:2.15.2' });
  const stored = (from: string, to: string): unknown => {
    const text = JSON.stringify(buildStatefulSet(spec, INITIAL_ROLLOUT).spec.template.spec);
    expect(text).toContain(from);
    return JSON.parse(text.replace(from, to));
  };

  test.each([
    ['a mirror', '"image":"nats:2.15.2"', '"image":"mirror/nats:2.15.2"'],
    ['another memory request', '"memory":"', '"memory":"1'],
  ])('is accepted with %s', (_, from, to) => {
    expect(() => requireRequestedPod(spec, pod({ spec: stored(from, to) }))).not.toThrow();
  });

  test.each([
    ['another release', '"image":"nats:2.15.2"', '"image":"mirror/nats:2.14.9"', 'containers[nats].image'],
    ['other arguments', '"--config"', '"--CANARY"', 'containers[nats].args'],
    ['other mounts', '"mountPath"', '"mountPaths"', 'volumeMounts'],
  ])('is refused with %s', (_, from, to, path) => {
    const attempt = (): void => requireRequestedPod(spec, pod({ spec: stored(from, to) }));
    expect(attempt).toThrow(expect.objectContaining({ code: 'APPLY_REJECTED', reason: 'ChangedByAdmission' }));
    expect(attempt).toThrow(path);
    expect(attempt).not.toThrow('CANARY');
  });
});

import { describe, expect, test } from '@jest/globals';
import { requireRequestedPod, requireRequestedRelease } from '../../../../src/commands/pods/requested-server.ts';
import { buildStatefulSet, INITIAL_ROLLOUT } from '../../../../src/manifests/manifests.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { pod } from '../../support/pods.ts';

const streams = { jetstream: { memoryBytes: 0 } };

describe('a server', () => {
  test.each([
    ['of the release of its image', { image: 'nats:2.15.2' }, '2.15.2', undefined],
    ['of an image that names no release', { image: 'nats:alpine' }, '2.14.9', '2.15.2'],
    ['of a newer release by a moving tag', { image: 'nats:alpine', ...streams }, '2.15.2', '2.14.9'],
    ['of an older patch release by a moving tag', { image: 'nats:alpine', ...streams }, '2.15.1', '2.15.2'],
    ['whose cluster was never verified', { image: 'nats:alpine', ...streams }, '2.14.9', undefined],
  ])('%s is as asked', (_, overrides, version, ranRelease) => {
    expect(() =>
      requireRequestedRelease({ spec: clusterSpec(overrides), ranRelease }, 'nats-2', version),
    ).not.toThrow();
  });

  test.each([
    ['of another release than its tag', 'OtherRelease', { image: 'nats:2.14.9' }, '2.15.2', undefined],
    [
      'of another release than a tag beside a digest',
      'OtherRelease',
      { image: 'x/nats:2.14.9@sha256:a' },
      '2.15.2',
      undefined,
    ],
    ['that is older than the streams', 'Downgrade', { image: 'nats:alpine', ...streams }, '2.14.9', '2.15.2'],
    [
      'that a digest makes older than the streams',
      'Downgrade',
      { image: 'nats@sha256:a', ...streams },
      '2.14.9',
      '2.15.2',
    ],
  ])('%s is refused: %s', (_, reason, overrides, version, ranRelease) => {
    expect(() => requireRequestedRelease({ spec: clusterSpec(overrides), ranRelease }, 'nats-2', version)).toThrow(
      expect.objectContaining({ code: 'SERVER_UNSUPPORTED', reason, message: expect.stringContaining('nats-2') }),
    );
  });
});

describe('a pod', () => {
  const spec = clusterSpec({ image: 'nats:2.15.2' });
  const stored = (from: string, to: string): unknown => {
    const text = JSON.stringify(buildStatefulSet(spec, INITIAL_ROLLOUT).spec.template.spec);
    expect(text).toContain(from);
    return JSON.parse(text.replace(from, to));
  };

  test.each([
    ['a mirror', '"image":"nats:2.15.2"', '"image":"mirror/nats:2.15.2"'],
    ['another share of its node', '"memory":"', '"memory":"1'],
  ])('that admission gave %s is as asked', (_, from, to) => {
    expect(() => requireRequestedPod(spec, pod({ spec: stored(from, to) }))).not.toThrow();
  });

  test.each([
    ['another release', '"image":"nats:2.15.2"', '"image":"mirror/nats:2.14.9"', 'containers[nats].image'],
    ['other arguments', '"--config"', '"--CANARY"', 'containers[nats].args'],
    ['other mounts', '"mountPath"', '"mountPaths"', 'volumeMounts'],
  ])('that admission gave %s is refused', (_, from, to, path) => {
    const attempt = (): void => requireRequestedPod(spec, pod({ spec: stored(from, to) }));
    expect(attempt).toThrow(expect.objectContaining({ code: 'APPLY_REJECTED', reason: 'ChangedByAdmission' }));
    expect(attempt).toThrow(path);
    expect(attempt).not.toThrow('CANARY');
  });
});

import { expect, test } from '@jest/globals';
import {
  acceptsOtherPoolSizes,
  findNewestRelease,
  isOlder,
  isOlderMinor,
  isSameRelease,
  isSupported,
  parseNatsRelease,
  parseServerVersion,
} from '../../../../src/nats/mesh/version.ts';

test.each([
  ['2.9.25', false, false],
  ['2.10.0', true, false],
  ['2.10.29', true, false],
  ['2.11.1', true, false],
  ['2.11.2', true, true],
  ['2.12.0-RC.1', true, true],
  ['v2.15.2', true, true],
  ['3.0.0', true, true],
  ['1.99.99', false, false],
])('the release %s: supported %p, accepts other pool sizes %p', (text, supported, accepts) => {
  const version = parseServerVersion(text);
  expect(version && isSupported(version)).toBe(supported);
  expect(version && acceptsOtherPoolSizes(version)).toBe(accepts);
});

test.each(['', '2.10', '2.10.x', '2.10.1.1', ' 2.10.1', '2.10.1\n', '02.10.1', '2.9999999.1', '2.10.1-'])(
  '%p is not a version',
  (text) => {
    expect(parseServerVersion(text)).toBeUndefined();
  },
);

test.each([
  ['nats:2.15.2', '2.15.2'],
  ['mirror.example:5000/library/nats:2.15.2-alpine', '2.15.2'],
  ['company/nats-server:2.14.9@sha256:abc', '2.14.9'],
  ['nats:alpine', undefined],
  ['nats@sha256:abc', undefined],
  ['company/nats-with-tools:1.2.3', undefined],
  ['company/nats:2025.11.3', undefined],
  ['nats:9.0.0', '9.0.0'],
  ['nats:10.0.0', undefined],
  ['company/gnats:2.15.2', undefined],
])('the image %s has the release %s', (image, release) => {
  expect(parseNatsRelease(image)).toEqual(release === undefined ? undefined : parseServerVersion(release));
});

test.each([
  ['nats:2.15.2', 'mirror/nats:2.15.2', true],
  ['nats:2.15.2', 'nats@sha256:abc', true],
  ['nats:2.15.2', 'nats:2.15.1', false],
  ['nats:2.15.2', 'nats', false],
  ['nats@sha256:abc', 'mirror/nats@sha256:abc', true],
  ['nats@sha256:abc', 'nats@sha256:def', false],
  ['nats:alpine', 'mirror/nats:alpine', true],
  ['nats:alpine', 'nats:2.15.2', false],
  ['localhost:5000/nats', 'mirror/nats', true],
  ['nats:2.15.2', 'nats:2.15.2-alpine', true],
  ['nats:2.15.2', 'nats:2.14.2-alpine', false],
  ['nats:2.15.2', 'nats:3.15.2-alpine', false],
  ['nats:2.15.2', 'nats:2.15.2-RC.1', false],
  ['nats:2.15.2-RC.1-alpine', 'nats:2.15.2-RC.1', true],
  ['nats:2.15.2', 'nats:alpine', false],
])('the image %s, stored as %s, may be the same: %p', (asked, stored, expected) => {
  expect(isSameRelease(asked, stored)).toBe(expected);
});

test('the running release is the newest one of the last run', () => {
  expect(findNewestRelease(['2.14.9', '2.15.2', 'unknown', '2.9.25'])).toBe('2.15.2');
  expect(findNewestRelease([])).toBeUndefined();
});

test.each([
  ['2.14.9', '2.15.0', true, true],
  ['2.15.0', '2.15.1', true, false],
  ['2.15.1', '2.15.1', false, false],
  ['2.15.1', '2.15.0', false, false],
  ['2.15.0-RC.1', '2.15.0', false, false],
  ['1.99.9', '2.0.0', true, true],
  ['3.0.0', '2.15.0', false, false],
])('the release %s is older than %s: %p, and of an older minor release: %p', (release, than, older, olderMinor) => {
  const [one, other] = [release, than].map(parseServerVersion);
  if (one === undefined || other === undefined) throw new Error('both are releases');
  expect([isOlder(one, other), isOlderMinor(one, other)]).toEqual([older, olderMinor]);
});

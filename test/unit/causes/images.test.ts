import { expect, test } from '@jest/globals';
import { findImageCauses } from '../../../src/causes/image-causes.ts';
import { factsWith, inState, waiting } from '../support/facts.ts';

test.each<[string, string, string, boolean, string]>([
  ['a first pull without a known reason', 'ErrImagePull', 'something new', false, 'something new'],
  ['a repeated pull without a known reason', 'ImagePullBackOff', 'something new', true, 'something new'],
  ['a pull without a message', 'ImagePullBackOff', '', true, 'does not say why'],
  ['a first pull without trust', 'ErrImagePull', 'x509: unknown authority', false, 'do not trust'],
  ['an image for another platform', 'ErrImagePull', 'no match for platform in manifest', true, 'platform'],
])('the message about an image has the reason for %s', (_, state, message, fatal, text) => {
  expect(findImageCauses(factsWith([inState(waiting(state, message))]))).toMatchObject([
    { fatal, message: expect.stringContaining(text) },
  ]);
});

test.each(['ContainerCreating', 'CrashLoopBackOff', 'PodInitializing'])('%s is not about an image', (state) => {
  expect(findImageCauses(factsWith([inState(waiting(state, 'not found'))]))).toEqual([]);
});

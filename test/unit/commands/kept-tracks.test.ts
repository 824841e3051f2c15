import { expect, test } from '@jest/globals';
import { keptTracks } from '../../../src/commands/kept-tracks.ts';
import { userListText } from '../../../src/inputs/users.ts';
import { clusterSpec } from '../cluster/cluster-spec.ts';
import { deployInputs } from './deploy-inputs.ts';
import { NOW } from './issued.ts';
import { liveState } from './live-state.ts';
import { storedMaterial } from './stored-material.ts';

test('a command that is told no users keeps those of the deployment', async () => {
  const users = [{ user: 'orders', password: 'p', permissions: { publish: { allow: ['orders.>'] } } }];
  const live = liveState({ stored: storedMaterial({ users: userListText(users) }) });
  const { credentials } = await keptTracks(clusterSpec(), live, deployInputs(), { now: NOW, given: undefined });
  expect(credentials.users).toEqual(users);
});

import { expect, test } from '@jest/globals';
import { readKeptTracks } from '../../../../src/commands/desired/kept-tracks.ts';
import { formatFiles } from '../../../../src/inputs/grammar/files.ts';
import { formatUsers } from '../../../../src/inputs/grammar/users.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { deployInputs } from '../../support/deploy-inputs.ts';
import { NOW } from '../../support/issued-certificates.ts';
import { liveState } from '../../support/live-state.ts';
import { storedMaterial } from '../../support/stored-material.ts';

test('a command without the inputs users and files keeps those of the cluster', async () => {
  const users = [{ user: 'orders', password: 'p', permissions: { publish: { allow: ['orders.>'] } } }];
  const files = { 'a.conf': 'x' };
  const live = liveState({ stored: storedMaterial({ users: formatUsers(users), files: formatFiles(files) }) });
  const { credentials } = await readKeptTracks(clusterSpec(), live, deployInputs(), { now: NOW, given: undefined });
  expect(credentials).toMatchObject({ users, files });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { holdAgreement, holdRestart, holdTwice, holdUndo, type Inputs } from '../../laws/hold-laws.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { readPodUids } from '../../support/live-cluster.ts';

const DEPLOYED: Inputs = { 'anti-affinity': 'preferred' };
const ROTATED: Inputs = { command: 'rotate' };
const KEPT: Inputs = { ...ROTATED, 'ca-overlap': '1h' };
const DROPPED: Inputs = { ...ROTATED, 'ca-overlap': '0s' };

/** The rotations, one after the other. Each begins where the earlier one has left the cluster. */
const ROTATIONS: readonly (readonly [title: string, inputs: Inputs])[] = [
  ['certificates', { ...KEPT, 'rotate-targets': 'certificates' }],
  ['the route CA, which waits for no client', { ...KEPT, 'rotate-targets': 'route-ca' }],
  ['the client CA, which waits', { ...KEPT, 'rotate-targets': 'ca' }],
  ['the client user, while the client CA waits', { ...KEPT, 'rotate-targets': 'credentials' }],
  ['everything, while both wait', { ...KEPT, 'rotate-targets': 'all' }],
  ['nothing, but ends the wait', { ...DROPPED, force: 'false' }],
  ['everything at once', { ...DROPPED, 'rotate-targets': 'all' }],
  ['the key algorithm of everything', { ...DROPPED, 'rotate-targets': 'all', 'key-algorithm': 'ecdsa-p384' }],
  ['everything with another route password', { ...DROPPED, 'rotate-targets': 'all', allow: 'outage' }],
];

describe.each([
  ['nats:2.10.29', '3'],
  ['nats:2.15.2', '1'],
])('a rotation of a NATS cluster (%s, %s servers)', (image, replicas) => {
  let deployment: TestDeployment;
  const a = { ...DEPLOYED, image, replicas };

  beforeAll(async () => {
    deployment = await makeDeployment('rotations');
    await deployment.requireRun(a);
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test.each(ROTATIONS)(
    'that replaces %s is verified, idempotent, restartable and reversible',
    async (_title, inputs) => {
      const uids = await readPodUids(deployment.space);
      await deployment.requireRun({ force: 'true', ...inputs });
      expect(await readPodUids(deployment.space)).toEqual(uids);
      await holdAgreement(deployment, a);
      await holdTwice(deployment, { ...inputs, force: 'false' });
      await holdRestart(deployment, a, Object.keys(uids));
      await holdTwice(deployment, { ...inputs, force: 'false' });
      await holdUndo(deployment, a);
    },
  );
});

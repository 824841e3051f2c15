import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { NatsServerVersion } from '../../cluster/versions.ts';
import { type ClusterClient, type ClusterLoad, PODS } from '../../support/cluster-load.ts';
import { eventually } from '../../support/eventually.ts';
import { LoadClient } from '../../support/load-client.ts';
import { makeRotationScene, type RotationScene } from '../../support/rotation-scene.ts';

type Texts = Readonly<Record<string, string>>;

const MIN_PER_SECOND = 300;
const ACCEPTED = PODS.map(() => 'accepted');
/** The OpenSSL error when no chain leads from a server's certificate to a trusted CA of the client. */
const UNTRUSTED = PODS.map(() => 'UNABLE_TO_VERIFY_LEAF_SIGNATURE');
/** A server's alert for a route certificate without a chain to a trusted CA. */
const FOREIGN = PODS.map(() => 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA');
const UNKNOWN_USER = "-ERR 'Authorization Violation'";

const AT_ONCE = { command: 'rotate', 'ca-overlap': '0s' };
const OVERLAP = { 'ca-overlap': '1h' };
const ROTATED = { result: 'rotated', 'rotation-phase': 'idle' };
const ROTATING = { result: 'rotating', 'rotation-phase': 'overlap' };

/**
 * Describes the rotations of one deployment, one after the other, while clients send messages all the time.
 * `isThorough` adds the rotations whose result cannot depend on the release of nats-server.
 */
export function describeRotations(version: NatsServerVersion, { isThorough }: { readonly isThorough: boolean }): void {
  const thoroughTest = isThorough ? test : () => {};
  describe(`nats-server ${version}, under load,`, () => {
    const deployed = { image: `nats:${version}` };
    const changed = { ...deployed, 'key-algorithm': 'ed25519' };
    let scene: RotationScene;
    /** The client and the CAs before the overlap. */
    let old: { readonly client: ClusterClient; readonly authorities: Texts };
    let follower: ClusterLoad | undefined;
    let straggler: LoadClient | undefined;

    beforeAll(async () => {
      scene = await makeRotationScene(deployed);
    });

    afterAll(async () => {
      await straggler?.close();
      await scene.remove();
    });

    test('replaces every certificate', async () => {
      const leaves = await scene.leaves();
      await scene.run(ROTATED, { ...AT_ONCE, 'rotate-targets': 'certificates', force: 'true' });
      const replaced = await scene.leaves();
      const isKept = (index: number) => replaced[index]?.fingerprint256 === leaves[index]?.fingerprint256;
      expect(leaves.flatMap(({ subject }, index) => (isKept(index) ? [subject] : []))).toEqual([]);
    });

    thoroughTest('replaces the route CA, and servers refuse certificates of the old one', async () => {
      const authorities = await scene.authorities();
      await scene.run(ROTATED, { ...AT_ONCE, 'rotate-targets': 'route-ca', force: 'true' });
      expect(await scene.routes(authorities)).toEqual(FOREIGN);
      expect(await scene.routes(await scene.authorities())).toEqual(ACCEPTED);
    });

    thoroughTest('replaces the client CA, and clients that trust only the old one cannot connect', async () => {
      const { 'client-ca.crt': trust = '' } = await scene.authorities();
      expect(await scene.clients({ trust })).toEqual(ACCEPTED);
      await scene.run(ROTATED, { ...AT_ONCE, 'rotate-targets': 'ca', force: 'true' });
      expect(await scene.clients({ trust })).toEqual(UNTRUSTED);
      expect(await scene.clients()).toEqual(ACCEPTED);
    });

    test('changes the key algorithm of certificates with deploy, and that of CAs with the next rotation', async () => {
      const authorities = await scene.authorities();
      await scene.run({ result: 'deployed' }, changed);
      const kinds = (await scene.leaves()).map(({ publicKey }) => publicKey.asymmetricKeyType);
      expect([...new Set(kinds)]).toEqual(['ed25519']);
      expect(await scene.authorities()).toEqual(authorities);
      await scene.run(ROTATED, AT_ONCE);
      expect(await scene.authorityKeys()).toEqual(['ed25519', 'ed25519']);
      expect(await scene.routes(authorities)).toEqual(FOREIGN);
      expect(await scene.clients({ trust: authorities['client-ca.crt'] ?? '' })).toEqual(UNTRUSTED);
      expect(await scene.clients()).toEqual(ACCEPTED);
    });

    test('replaces both CAs with an overlap, in which clients may trust either', async () => {
      old = { client: await scene.client(), authorities: await scene.authorities() };
      await scene.run(ROTATING, { command: 'rotate', ...OVERLAP, 'rotate-targets': 'route-ca, ca', force: 'true' });
      expect(await scene.clients()).toEqual(ACCEPTED);
      const { 'client-ca.crt': trust = '' } = await scene.authorities();
      expect(trust).not.toBe(old.authorities['client-ca.crt']);
      expect(await scene.clients({ trust })).toEqual(ACCEPTED);
      expect(await scene.clients({ trust: old.authorities['client-ca.crt'] ?? '' })).toEqual(ACCEPTED);
    });

    test('replaces the client user in the same overlap, in which both users can log in', async () => {
      const given = { 'rotate-targets': 'credentials', 'client-password': 'another/password%1' };
      await scene.run(ROTATING, { command: 'rotate', ...OVERLAP, ...given });
      const { user } = old.client.credentials;
      const { credentials } = await scene.client();
      expect(credentials).toEqual({ user: `${user}-2`, password: given['client-password'] });
      expect(await scene.clients()).toEqual(ACCEPTED);
      expect(await scene.clients({ credentials: old.client.credentials })).toEqual(ACCEPTED);
    });

    thoroughTest('stays in the overlap after another deploy', async () => {
      await scene.run({ result: 'unchanged', 'rotation-phase': 'overlap' }, { ...changed, ...OVERLAP });
    });

    test('loses no message of the old client user', async () => {
      follower = await scene.startLoad();
      const { perSecond, trouble } = await scene.load.stop();
      expect(trouble).toEqual([]);
      expect(perSecond).toBeGreaterThan(MIN_PER_SECOND);
    });

    test('ends the overlap, and disconnects only clients of the old user', async () => {
      const { credentials } = old.client;
      straggler = new LoadClient({ ...(await scene.client()), credentials });
      await eventually('the user of before is signed in', 60, async () => straggler?.isConnected || undefined);
      await scene.run(ROTATED, AT_ONCE, { load: follower });
      expect([straggler.disconnects, straggler.isConnected, straggler.failure]).toEqual([1, false, UNKNOWN_USER]);
      expect(await scene.clients({ credentials })).toEqual(PODS.map(() => UNKNOWN_USER));
      expect(await scene.clients({ trust: old.authorities['client-ca.crt'] ?? '' })).toEqual(UNTRUSTED);
      expect(await scene.routes(old.authorities)).toEqual(FOREIGN);
      expect(await scene.clients()).toEqual(ACCEPTED);
      expect((await follower?.stop())?.trouble).toEqual([]);
    });

    // nats-server closes a route whose URL is removed, and the password is in it (`routesOption.Apply`, `reload.go`).
    thoroughTest(
      'replaces the route password with `force`: every route reconnects, and no client is disconnected',
      async () => {
        follower = await scene.startLoad();
        const forced = { 'rotate-targets': 'credentials', force: 'true', allow: 'outage' };
        await scene.run(ROTATING, { command: 'rotate', ...OVERLAP, ...forced }, { load: follower, renewsRoutes: true });
      },
    );
  });
}

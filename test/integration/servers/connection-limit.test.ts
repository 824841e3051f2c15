import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connectServer } from '../../../src/servers/connection.ts';
import type { NatsServerVersion } from '../../cluster/versions.ts';
import { type LoopbackCluster, makeLoopbackCluster, users } from '../nats/loopback-cluster.ts';
import { testDialer } from './dialer.ts';

const VERSIONS = ['2.10.29', '2.12.15', '2.15.2'] as const satisfies readonly NatsServerVersion[];

describe.each(VERSIONS)('nats-server %s at its max_connections', (version) => {
  let cluster: LoopbackCluster;

  beforeEach(async () => {
    cluster = await makeLoopbackCluster();
  });

  afterEach(async () => {
    await cluster.stop();
  });

  test.each(['socket', 'stream'] as const)(
    'reports the limit over a %s before TLS, to the system account too',
    async (kind) => {
      const [place] = await cluster.places(1);
      if (place === undefined) throw new Error('one place was asked for');
      await cluster.start(version, place, [place], { entries: { max_connections: 1 } });
      const client = await cluster.connect(place, users.client.user, users.client.password);
      const { dial } = testDialer({ client: place.ports.clientPort, route: place.ports.clusterPort }, kind);
      try {
        for (let attempt = 0; attempt < 5; attempt += 1) {
          const failed = await connectServer({ ...cluster.target(place), ...users.system, dial });
          expect(failed).toMatchObject({
            ok: false,
            failure: {
              reason: 'ConnectionRefused',
              message: "the server takes no connection: -ERR 'maximum connections exceeded'",
            },
          });
        }
      } finally {
        await client.close();
      }
    },
  );
});

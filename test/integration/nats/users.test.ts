import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import { userList } from '../../../src/inputs/grammar/users.ts';
import { type LoopbackCluster, makeLoopbackCluster, users as ours, type Place } from './loopback-cluster.ts';

/** The bcrypt hash of `pass word`, cost 4. */
const HASH = '$2b$04$abcdefghijklmnopqrstuuFcV8WPKEefLKdOWfX8pW1yTVya21P7a';

const TEXT = `
- {user: plain, password: 3k}
- {user: hashed, password: ${HASH}}
- user: o'r "d€
  password: "$2 no hash"
  permissions:
    publish: {allow: ["orders.>"], deny: [orders.secret]}
    subscribe: ["orders.> workers", _INBOX.>]
- user: responder
  password: p
  permissions: {subscribe: requests, allow_responses: {max: 2, expires: 1m}}
`;

let cluster: LoopbackCluster;
let place: Place;

beforeEach(async () => {
  cluster = await makeLoopbackCluster();
  const [only] = await cluster.places(1);
  if (only === undefined) throw new Error('one place was asked for');
  place = only;
});

afterEach(async () => {
  await cluster.stop();
});

function configured() {
  const parsed = userList.parse(TEXT);
  if (parsed.kind === 'refused') throw new Error(parsed.expected);
  return parsed.value;
}

/** Returns the name of the error that one operation causes; undefined when the server accepts it. */
async function violation(client: NatsConnection, act: (refuse: (error: Error) => void) => void): Promise<unknown> {
  const refused = Promise.withResolvers<Error | undefined>();
  const statuses = (async () => {
    for await (const status of client.status()) {
      if (status.type === 'error') refused.resolve(status.error);
    }
  })();
  act(refused.resolve);
  await client.flush();
  await client.flush(); // The server reports on the operation before its second answer.
  refused.resolve(undefined);
  const error = await refused.promise;
  await client.close();
  await statuses;
  return error?.name;
}

describe.each(['2.10.29', '2.15.2'] as const)('users on nats-server %s', (version) => {
  test('log in with their plain or hashed password and with no other', async () => {
    await cluster.start(version, place, [place], { settings: { users: configured() } });
    for (const [user, password] of [
      ['plain', '3k'],
      ['hashed', 'pass word'],
      [`o'r "d€`, '$2 no hash'],
    ] as const) {
      await (await cluster.connect(place, user, password)).close();
      await expect(cluster.connect(place, user, `${password}.`)).rejects.toThrow();
    }
    await expect(cluster.connect(place, 'hashed', HASH)).rejects.toThrow();
  });

  test('publish and subscribe within their permissions', async () => {
    await cluster.start(version, place, [place], { settings: { users: configured() } });
    const connect = async () => await cluster.connect(place, `o'r "d€`, '$2 no hash');
    const publish = async (subject: string) =>
      await violation(await connect(), () => {}).then(async () => {
        const client = await connect();
        return await violation(client, () => client.publish(subject, ''));
      });
    expect(await publish('orders.new')).toBeUndefined();
    expect(await publish('orders.secret')).toBe('PermissionViolationError');
    expect(await publish('audit')).toBe('PermissionViolationError');
    const subscribe = async (queue?: string) => {
      const client = await connect();
      return await violation(client, (refuse) => {
        const options = queue === undefined ? {} : { queue };
        client.subscribe('orders.new', { ...options, callback: (error) => void (error === null || refuse(error)) });
      });
    };
    expect(await subscribe('workers')).toBeUndefined();
    expect(await subscribe('others')).toBe('PermissionViolationError');
  });

  test('respond on subjects on which they may not publish', async () => {
    await cluster.start(version, place, [place], { settings: { users: configured() } });
    const [responder, asker] = await Promise.all([
      cluster.connect(place, 'responder', 'p'),
      cluster.connect(place, 'plain', '3k'),
    ]);
    responder.subscribe('requests', { callback: (_, message) => void message.respond('answer') });
    await responder.flush();
    expect((await asker.request('requests', '', { timeout: 10_000 })).string()).toBe('answer');
    await Promise.all([responder.close(), asker.close()]);
  });

  test('are added and removed via configuration reload without a disconnect of other users', async () => {
    const server = await cluster.start(version, place, [place]);
    const client = await cluster.connect(place, ours.client.user, ours.client.password);
    expect(await server.reload(cluster.configuration(place, [place], { settings: { users: configured() } }))).toBe(
      true,
    );
    await (await cluster.connect(place, 'hashed', 'pass word')).close();
    expect(await server.reload(cluster.configuration(place, [place]))).toBe(true);
    await expect(cluster.connect(place, 'hashed', 'pass word')).rejects.toThrow();
    await client.flush();
    expect(client.isClosed()).toBe(false);
    await client.close();
  });
});

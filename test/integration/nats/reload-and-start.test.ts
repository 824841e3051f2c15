import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { findErrorsSinceReload } from '../../../src/causes/server-log.ts';
import { selectRestartPart } from '../../../src/change/restart-part.ts';
import { parseConfiguration } from '../../../src/nats/conf/reader/parse.ts';
import { readJetStreamAccounts } from '../../../src/nats/conf/settings/jetstream-accounts.ts';
import { findLostStreams } from '../../../src/nats/mesh/jetstream.ts';
import type { NatsServerVersion } from '../../cluster/versions.ts';
import {
  type NatsServer,
  type NatsServerPorts,
  startNatsServer,
  takeFreeServerPorts,
} from '../../support/nats-server.ts';

const VERSIONS = ['2.10.29', '2.15.2'] as const satisfies readonly NatsServerVersion[];

/** The user of the application, in `$G`. */
const APP = 'app';

const account = (name: string, jetstream: string, users = [name.toLowerCase()]): string => {
  const list = users.map((user) => `{user: ${user}, password: p}`).join(', ');
  return `${name} { ${jetstream === '' ? '' : `jetstream: ${jetstream}, `}users: [${list}] }`;
};
const accounts = (...all: readonly string[]): string => (all.length === 0 ? '' : `accounts { ${all.join(', ')} }`);

/** The state of a user: the number of its streams, or the reason why it has none. */
type Outcome = { readonly isStarted: boolean; readonly streams: Readonly<Record<string, number | string>> };

type Case = {
  readonly change: string;
  readonly before: string;
  readonly after: string;
  /** Streams that exist before the change, by user. */
  readonly made: Readonly<Record<string, number>>;
  /** True if the result of a start differs from that of a reload. */
  readonly differs: boolean;
};

const CASES: readonly Case[] = [
  {
    change: 'the first account in addition to $G',
    before: '',
    after: accounts(account('SHOP', '')),
    made: { [APP]: 1 },
    differs: true,
  },
  {
    change: 'an account that reserves more than one server has',
    before: '',
    after: accounts(account('HR', '{ max_mem: 512MB }')),
    made: {},
    differs: true,
  },
  {
    change: 'an existing account that reserves more than one server has',
    before: accounts(account('HR', 'true')),
    after: accounts(account('HR', '{ max_file: 1TB }')),
    made: {},
    differs: true,
  },
  {
    change: 'a limit below the number of streams',
    before: accounts(account('HR', 'true')),
    after: accounts(account('HR', '{ max_streams: 1 }')),
    made: { hr: 2 },
    differs: false,
  },
  {
    change: 'a limit below the storage that streams reserve',
    before: accounts(account('HR', '{ max_file: 100MB }')),
    after: accounts(account('HR', '{ max_file: 1MB, max_bytes_required: true, disk_max_stream_bytes: 1000 }')),
    made: { hr: 2 },
    differs: true,
  },
  {
    change: 'JetStream for a second account',
    before: accounts(account('HR', 'true'), account('SHOP', '')),
    after: accounts(account('HR', 'true'), account('SHOP', 'true')),
    made: { hr: 1 },
    differs: false,
  },
  {
    change: 'an account without JetStream that had it',
    before: accounts(account('HR', 'true')),
    after: accounts(account('HR', '')),
    made: { hr: 1 },
    differs: false,
  },
  {
    change: 'a removed account',
    before: accounts(account('HR', 'true'), account('SHOP', 'true')),
    after: accounts(account('SHOP', 'true')),
    made: { hr: 1, shop: 1 },
    differs: false,
  },
  {
    change: 'one more user of an account with streams',
    before: accounts(account('HR', 'true')),
    after: accounts(account('HR', 'true', ['hr', 'till'])),
    made: { hr: 1 },
    differs: false,
  },
  {
    change: 'one more account without streams',
    before: accounts(account('HR', 'true')),
    after: accounts(account('HR', 'true'), account('SHOP', '')),
    made: { hr: 1 },
    differs: false,
  },
];

const surroundings = { files: new Map<string, string>(), environment: new Set<string>() };
const treeOf = (text: string) => parseConfiguration({ input: 'config', file: 'config', text }, surroundings);
const partOf = (text: string): string => selectRestartPart(treeOf(text), { jetstream: true });

describe.each(VERSIONS)('nats-server %s with accounts and JetStream', (version) => {
  let folder: string;
  let ports: NatsServerPorts;
  let server: NatsServer | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'reload-and-start-'));
    ports = await takeFreeServerPorts();
  });

  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  const configuration = (own: string): string => `
listen: 127.0.0.1:${ports.clientPort}
server_name: alone
authorization { users: [{user: ${APP}, password: p}] }
jetstream { store_dir: ${JSON.stringify(folder)}, max_file_store: 1GB, max_memory_store: 0 }
${own}
`;

  const started = async (own: string): Promise<boolean> => {
    try {
      server = await startNatsServer({ ...ports, version, configuration: configuration(own) });
      return true;
    } catch {
      return false; // The server ended before it was ready.
    }
  };

  const streamsOf = async (user: string, make = 0): Promise<number | string> => {
    try {
      const client = await connect({ servers: `127.0.0.1:${ports.clientPort}`, user, pass: 'p', reconnect: false });
      try {
        for (let index = 0; index < make; index += 1) {
          const name = `S${index}`;
          await client.request(
            `$JS.API.STREAM.CREATE.${name}`,
            JSON.stringify({ name, subjects: [`s.${index}`], max_bytes: 2e6 }),
          );
        }
        const info: unknown = (await client.request('$JS.API.INFO', '', { timeout: 5000 })).json();
        const record = typeof info === 'object' && info !== null ? new Map(Object.entries(info)) : new Map();
        const streams: unknown = record.get('streams');
        return typeof streams === 'number' ? streams : 'no JetStream';
      } finally {
        await client.close();
      }
    } catch (error) {
      return error instanceof Error ? error.name : 'failed';
    }
  };

  const outcome = async (isStarted: boolean, users: readonly string[]): Promise<Outcome> => {
    const entries = isStarted
      ? await Promise.all(users.map(async (user) => [user, await streamsOf(user)] as const))
      : [];
    return { isStarted, streams: Object.fromEntries(entries) };
  };

  test.each(CASES)('applies $change at its start as the table says', async ({ before, after, made, differs }) => {
    const users = [APP, 'hr', 'shop', 'till'];
    expect(await started(before)).toBe(true);
    for (const [user, count] of Object.entries(made)) expect(await streamsOf(user, count)).toBe(count);
    expect(await server?.reload(configuration(after))).toBe(true);
    const complaints = findErrorsSinceReload((await server?.log())?.split('\n') ?? []);
    const reloaded = await outcome(true, users);
    await server?.stop();
    const restarted = await outcome(await started(after), users);
    expect(JSON.stringify(reloaded) !== JSON.stringify(restarted)).toBe(differs);
    // If a start differs from a reload, the action has to restart the servers for the change.
    if (differs) expect(partOf(before)).not.toBe(partOf(after));
    if (!restarted.isStarted) expect(complaints).toEqual([expect.stringMatching(/resources available/)]);
    // The action must have reported the loss before the change.
    const isLost = Object.entries(made).some(
      ([user, count]) => restarted.isStarted && restarted.streams[user] !== count,
    );
    const names: Readonly<Record<string, string>> = { [APP]: '$G', hr: 'HR', shop: 'SHOP' };
    const held = Object.keys(made).map((user) => ({
      account: names[user] ?? '',
      name: 'S0',
      replicas: 1,
      isInMemory: false,
      isMoving: false,
    }));
    const isLimit = after.includes('max_file'); // The server reports this in its health.
    expect(findLostStreams(held, readJetStreamAccounts(treeOf(after))).size > 0).toBe(isLost && !isLimit);
  });

  test('enables JetStream for $G again at its start', async () => {
    expect(await started('')).toBe(true);
    expect(await streamsOf(APP, 1)).toBe(1);
    await server?.stop();
    expect(await started(accounts(account('SHOP', '')))).toBe(true);
    expect(await streamsOf(APP)).toBe('no JetStream');
    await server?.stop();
    expect(await started('')).toBe(true);
    expect(await streamsOf(APP)).toBe(1);
    expect(partOf(accounts(account('SHOP', '')))).not.toBe(partOf(''));
  });
});

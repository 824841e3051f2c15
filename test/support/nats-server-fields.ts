import { readFile } from 'node:fs/promises';
import { runCommand } from '../cluster/command.ts';
import { findGo } from '../cluster/go-toolchain.ts';
import type { NatsServerVersion } from '../cluster/versions.ts';

/** The fields of each block: every spelling of one field, joined by blanks. */
export type FieldTable = Readonly<Record<FieldBlock, readonly string[]>>;

export const FIELD_BLOCKS = [
  'top',
  'cluster',
  'tls',
  'authorization',
  'callout',
  'account',
  'user',
  'jetstream',
  'websocket',
  'leafnodes',
  'mqtt',
  'gateway',
] as const;
export type FieldBlock = (typeof FIELD_BLOCKS)[number];

/** Returns the fields that a release reads, from the labels of the `switch` of each parser in its `server/opts.go`. */
export function fieldsInSource(source: string): FieldTable {
  return {
    top: fieldsOfParser(source, 'processConfigFileLine'),
    cluster: fieldsOfParser(source, 'parseCluster'),
    tls: fieldsOfParser(source, 'parseTLS'),
    authorization: fieldsOfParser(source, 'parseAuthorization'),
    callout: fieldsOfParser(source, 'parseAuthCallout'),
    account: fieldsOfParser(source, 'parseAccounts'),
    user: fieldsOfParser(source, 'parseUsers'),
    jetstream: fieldsOfParser(source, 'parseJetStream'),
    websocket: fieldsOfParser(source, 'parseWebsocket'),
    leafnodes: fieldsOfParser(source, 'parseLeafNodes'),
    mqtt: fieldsOfParser(source, 'parseMQTT'),
    gateway: fieldsOfParser(source, 'parseGateway'),
  };
}

function fieldsOfParser(source: string, parser: string): readonly string[] {
  const start = source.search(new RegExp(`^func (?:\\([^)]*\\) )?${parser}\\(`, 'm'));
  const body = source.slice(start, source.indexOf('\n}\n', start));
  const labels = [...body.matchAll(/^(\t+)case ("[^:]*"):/gm)].map(([, tabs = '', words = '']) => ({
    depth: tabs.length,
    words: [...words.matchAll(/"([^"]*)"/g)]
      .map(([, word = '']) => word)
      .toSorted()
      .join(' '),
  }));
  const outermost = depthOfFields(
    parser,
    labels.map(({ depth }) => depth),
  );
  const fields = labels.filter(({ depth }) => depth === outermost);
  return [...new Set(fields.map(({ words }) => words))].toSorted();
}

/**
 * Returns the depth of the fields: the labels of the outermost switch over words, except for JetStream, whose short
 * form is a word.
 */
function depthOfFields(parser: string, depths: readonly number[]): number {
  const sorted = [...new Set(depths)].toSorted((left, right) => left - right);
  return (parser === 'parseJetStream' ? sorted[1] : sorted[0]) ?? 0;
}

/** Returns `server/opts.go` of a release, from the module that its binary is built from. */
export async function readOptionsSource(version: NatsServerVersion): Promise<string> {
  const { signal } = new AbortController();
  const module = `github.com/nats-io/nats-server/v2@v${version}`;
  const { stdout } = await runCommand(await findGo(signal), ['mod', 'download', '-json', module], { signal });
  const answer: unknown = JSON.parse(stdout);
  const directory = typeof answer === 'object' && answer !== null && 'Dir' in answer ? String(answer.Dir) : '';
  return await readFile(`${directory}/server/opts.go`, 'utf8');
}

/** The committed table: for each block, the first release under test that reads a field, by its spellings. */
export type RecordedFields = {
  readonly fields: Readonly<Record<FieldBlock, ReadonlyMap<string, string>>>;
};

const RECORDED = new URL('./nats-server-fields.json', import.meta.url);

/** Returns the recorded fields of the source of the releases under test. */
export async function recordedFields(): Promise<RecordedFields> {
  const recorded: unknown = JSON.parse(await readFile(RECORDED, 'utf8'));
  const fields = entriesOf(entriesOf(recorded).get('fields'));
  const blockOf = (name: FieldBlock) =>
    new Map([...entriesOf(fields.get(name))].map(([spellings, release]) => [spellings, String(release)] as const));
  return {
    fields: {
      top: blockOf('top'),
      cluster: blockOf('cluster'),
      tls: blockOf('tls'),
      authorization: blockOf('authorization'),
      callout: blockOf('callout'),
      account: blockOf('account'),
      user: blockOf('user'),
      jetstream: blockOf('jetstream'),
      websocket: blockOf('websocket'),
      leafnodes: blockOf('leafnodes'),
      mqtt: blockOf('mqtt'),
      gateway: blockOf('gateway'),
    },
  };
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
}

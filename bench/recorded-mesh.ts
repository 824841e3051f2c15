import { readFile } from 'node:fs/promises';
import { decodeRoutez, decodeVarz } from '../src/nats/mesh/monitoring.ts';
import type { MeshExpectation, MeshSample } from '../src/nats/mesh/observation.ts';
import { STABLE_SAMPLES } from '../src/nats/mesh/verdict.ts';

const RECORDED = new URL('../test/unit/nats/mesh/recorded/2.15.2.json', import.meta.url);

/** A pool of three connections for each peer, and the connection of the system account. */
const CONNECTIONS = 4;

type Documents = { readonly varz: string; readonly routez: string };

/** The answers of a full mesh with this number of servers: the answers of a recorded server, with as many peers. */
export type RecordedMesh = {
  readonly expectation: MeshExpectation;
  readonly bytes: number;
  /** Parses all answers and does nothing with them. */
  readonly parse: () => void;
  /** Parses and decodes one sample. */
  readonly decode: () => MeshSample;
  readonly samples: () => readonly MeshSample[];
};

export async function recordedMesh(servers: number): Promise<RecordedMesh> {
  const recorded: unknown = JSON.parse(await readFile(RECORDED, 'utf8'));
  const varz = objectAt(recorded, 'system', 'varz');
  const routez = objectAt(recorded, 'system', 'routez');
  const all = Array.from({ length: servers }, (_, own) => documentsOf({ varz, routez }, own, servers));
  const known = decodeVarz(varz);
  if (known.kind === 'malformed') throw new Error(`${RECORDED.pathname}: ${known.path}: ${known.message}`);
  const decode = (): MeshSample =>
    all.map(({ varz, routez }, own) => {
      const [variables, routes] = [decodeVarz(JSON.parse(varz)), decodeRoutez(JSON.parse(routez))];
      if (variables.kind === 'malformed' || routes.kind === 'malformed')
        throw new Error('a recorded answer is malformed');
      return { pod: podOf(own), varz: variables.value, routez: routes.value };
    });
  return {
    expectation: {
      clusterName: known.value.cluster?.name,
      servers: all.map((_, own) => ({ serverName: nameOf(own), ...podOf(own) })),
      revisionTag: known.value.tags[0],
      poolSize: undefined,
      pinnedAccounts: [],
      joinsClusters: false,
      jetstream: false,
    },
    bytes: all.reduce((sum, { varz, routez }) => sum + varz.length + routez.length, 0),
    parse: () => all.forEach(({ varz, routez }) => [varz, routez].map((text): unknown => JSON.parse(text))),
    decode,
    samples: () => Array.from({ length: STABLE_SAMPLES }, decode),
  };
}

function documentsOf(
  recorded: { readonly varz: object; readonly routez: object },
  own: number,
  servers: number,
): Documents {
  const named = { server_id: idOf(own), server_name: nameOf(own) };
  const listed: unknown = Object.entries(objectAt(recorded.routez, 'data')).find(([name]) => name === 'routes')?.[1];
  const first: unknown = Array.isArray(listed) ? listed[0] : undefined;
  const peers = Array.from({ length: servers }, (_, at) => at).filter((at) => at !== own);
  const routes = peers.flatMap((peer) =>
    Array.from({ length: CONNECTIONS }, (_, at) => ({
      ...(typeof first === 'object' ? first : {}),
      rid: peer * CONNECTIONS + at + 1,
      remote_id: idOf(peer),
      remote_name: nameOf(peer),
      account: at === 0 ? '$SYS' : undefined,
    })),
  );
  const answer = (whole: object, more: object): string =>
    JSON.stringify({ ...whole, data: { ...objectAt(whole, 'data'), ...named, ...more } });
  return { varz: answer(recorded.varz, {}), routez: answer(recorded.routez, { routes }) };
}

function objectAt(value: unknown, ...path: readonly string[]): object {
  let found = value;
  for (const step of path) {
    found =
      typeof found === 'object' && found !== null
        ? Object.entries(found).find(([name]) => name === step)?.[1]
        : undefined;
  }
  if (typeof found !== 'object' || found === null) throw new Error(`${RECORDED.pathname} has no ${path.join('.')}`);
  return found;
}

function nameOf(ordinal: number): string {
  return `nats-${ordinal}`;
}

function podOf(ordinal: number) {
  return { uid: `uid-${ordinal}`, statefulSetRevision: 'nats-1' };
}

/** Returns an ID that is as long as a server's own. */
function idOf(ordinal: number): string {
  return `N${String(ordinal).padStart(55, 'A')}`;
}

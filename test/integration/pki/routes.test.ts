import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_NATS_SERVER_VERSION } from '../../cluster/versions.ts';
import { eventually } from '../../support/eventually.ts';
import {
  type NatsServer,
  type NatsServerPorts,
  startNatsServer,
  takeFreeServerPorts,
} from '../../support/nats-server.ts';
import { generateCases, KINDS } from './differential/cases.ts';
import type { Case } from './differential/chain.ts';
import { goVerdicts, ownVerdict } from './differential/verdicts.ts';

const PATIENCE_SECONDS = 20;
const REFUSED = /TLS route handshake error[^\n]*|Failed to (?:parse|verify)[^\n]*/;

/**
 * Returns chains of each kind: alternately one that this action accepts and one that it refuses, if the kind has both.
 */
function sampleOf(cases: readonly Case[]): readonly (Case & { readonly isAccepted: boolean })[] {
  const judged = cases.map((each) => ({ ...each, isAccepted: ownVerdict(each) === 'ok' }));
  return KINDS.flatMap((kind, index) => {
    const own = judged.filter((each) => each.kind === kind);
    return own.find(({ isAccepted }) => isAccepted === (index % 2 === 0)) ?? own.slice(0, 1);
  });
}

function configurationOf(name: string, ports: NatsServerPorts, folder: string, routes: string): string {
  const path = (file: string): string => JSON.stringify(join(folder, file));
  const tls = `{ cert_file: ${path('tls.crt')}, key_file: ${path('tls.key')}, ca_file: ${path('ca.crt')}, timeout: 5 }`;
  return `server_name: ${name}
listen: "127.0.0.1:${ports.clientPort}"
http: "127.0.0.1:${ports.monitorPort}"
cluster { name: c, listen: "127.0.0.1:${ports.clusterPort}", pool_size: -1, no_advertise: true, tls: ${tls}, ${routes} }`;
}

async function routeCount({ monitorPort }: NatsServer): Promise<number> {
  const answer: unknown = await (await fetch(`http://127.0.0.1:${monitorPort}/routez`)).json();
  return typeof answer === 'object' && answer !== null && 'num_routes' in answer ? Number(answer.num_routes) : 0;
}

/** Checks whether two real servers with this certificate form a route, on which both verify the other side. */
async function formsRoute({ chain, privateKey, trusted }: Case): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'pki-routes-'));
  const servers: NatsServer[] = [];
  try {
    for (const [file, text] of Object.entries({ 'tls.crt': chain, 'tls.key': privateKey, 'ca.crt': trusted })) {
      await writeFile(join(folder, file), text, { mode: 0o600 });
    }
    const [left, right] = [await takeFreeServerPorts(), await takeFreeServerPorts()];
    const version = DEFAULT_NATS_SERVER_VERSION;
    const routes = `routes: ["tls://localhost:${left.clusterPort}"]`;
    const texts = [configurationOf('left', left, folder, ''), configurationOf('right', right, folder, routes)] as const;
    servers.push(await startNatsServer({ version, configuration: texts[0], ...left }));
    const dialler = await startNatsServer({ version, configuration: texts[1], ...right });
    servers.push(dialler);
    return await eventually('a route or its refusal', PATIENCE_SECONDS, async () => {
      if ((await routeCount(dialler)) > 0) return true;
      const logs = await Promise.all(servers.map((server) => server.log()));
      return logs.some((log) => REFUSED.test(log)) ? false : undefined;
    });
  } catch (error) {
    // A server that cannot read its certificate does not start.
    if (Error.isError(error) && error.message.startsWith('nats-server ended')) return false;
    throw error;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  }
}

describe('routes between nats-servers', () => {
  const now = new Date(Math.floor(Date.now() / 1000) * 1000);
  const cases = generateCases({ seed: 7, perKind: 12, names: ['localhost'], now });
  const sample = sampleOf(cases.map((each): Case => ({ ...each, usages: ['serverAuth', 'clientAuth'] })));
  const go = goVerdicts(sample);
  const rows = sample.map((each, index) => ({ ...each, isSound: go[index] === 'ok' }));

  test('are tested with one chain of each kind, some accepted and some refused', () => {
    expect(rows.length).toBeGreaterThanOrEqual(20);
    expect(rows.filter(({ isAccepted }) => isAccepted).length).toBeGreaterThanOrEqual(7);
    expect(rows.filter(({ isSound }) => !isSound).length).toBeGreaterThanOrEqual(7);
  });

  test.each(rows)('form with $kind as Go decides ($isSound), and if the action accepts it', async (each) => {
    const isFormed = await formsRoute(each);
    expect(isFormed).toBe(each.isSound);
    expect(each.isAccepted && !isFormed).toBe(false);
  });
});

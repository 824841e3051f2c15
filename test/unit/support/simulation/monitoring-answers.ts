import type { InMemoryNetwork, InMemoryServer } from './in-memory-servers.ts';

/** Returns what a server answers to a request of the system account, in the envelope of nats-server. */
export function monitoringAnswer(
  network: InMemoryNetwork,
  server: InMemoryServer,
  verb: string,
  nowMs: number,
): unknown {
  const envelope = { name: server.pod, id: server.id };
  switch (verb) {
    case 'VARZ':
      return { server: envelope, data: varz(server, nowMs) };
    case 'ROUTEZ':
      return { server: envelope, data: routez(server, nowMs) };
    case 'HEALTHZ': {
      const problem = network.problemOf(server);
      return { server: envelope, data: problem === undefined ? { status: 'ok' } : { status: 'error', error: problem } };
    }
    default:
      return { server: envelope, error: { code: 400, description: `${verb} is not modelled` } };
  }
}

/** Returns a time of the virtual clock as the server writes it. */
function timeText(ms: number, nowMs: number): string {
  return new Date(Date.now() - (nowMs - ms)).toISOString();
}

function varz(server: InMemoryServer, nowMs: number) {
  const { configuration } = server;
  const { clusterName, serverName, tags } = configuration;
  return {
    server_id: server.id,
    server_name: serverName,
    version: server.version,
    tags,
    now: timeText(nowMs, nowMs),
    start: timeText(server.startedMs, nowMs),
    config_load_time: timeText(server.loadedMs, nowMs),
    system_account: '$SYS',
    tls_required: true,
    connections: server.sessions.size,
    cluster: clusterName === undefined ? {} : { name: clusterName, pool_size: 3, tls_required: true, tls_verify: true },
    jetstream: {},
  };
}

function routez(server: InMemoryServer, nowMs: number) {
  return {
    server_id: server.id,
    now: timeText(nowMs, nowMs),
    routes: server.routes.map(({ id, peer, account, sinceMs }) => ({
      rid: id,
      remote_id: peer.id,
      remote_name: peer.configuration.serverName,
      start: timeText(sinceMs, nowMs),
      ...(account === undefined ? {} : { account }),
    })),
  };
}

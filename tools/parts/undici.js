// The bundle has this file, with only the used parts, in place of undici. The index of undici also loads fetch,
// WebSocket, caches and mocks, which take longer to start than all other code of a command.

import connect from 'undici/lib/api/api-connect.js';
import makeRequest from 'undici/lib/api/api-request.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';

// The index of undici does the same: the agent of a proxy opens its tunnels by this method.
Dispatcher.prototype.connect = connect;

/** Sends a request as undici's own `request` does, with a URL and a dispatcher, which are always given. */
export function request(url, { dispatcher, ...options }) {
  const { origin, pathname, search } = new URL(url);
  return makeRequest.call(dispatcher, {
    ...options,
    origin,
    path: `${pathname}${search}`,
    method: options.method ?? 'GET',
  });
}

export { Agent, ProxyAgent };

/** The `fetch` of the typed API clients of the Kubernetes client, which the action does not use. */
export const fetch = globalThis.fetch;

// What the bundle has in the place of undici: the parts that are used. Its index also loads fetch, WebSocket, caches and
// mocks, which take longer to start than all else that a command needs.

import connect from 'undici/lib/api/api-connect.js';
import makeRequest from 'undici/lib/api/api-request.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import Dispatcher from 'undici/lib/dispatcher/dispatcher.js';
import ProxyAgent from 'undici/lib/dispatcher/proxy-agent.js';

// As undici's index does it: the agent of a proxy opens its tunnels by this.
Dispatcher.prototype.connect = connect;

/** As undici's own `request`, of a URL and a dispatcher that are always given. */
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

/** Only what the typed API clients of the Kubernetes client would ask with, of which there are none here. */
export const fetch = globalThis.fetch;

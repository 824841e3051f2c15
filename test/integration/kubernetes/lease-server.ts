import type { IncomingMessage, ServerResponse } from 'node:http';
import { type JsonRecord, recordOf, textOf } from '../../../src/objects/json.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A server with one Lease, which handles versions, preconditions and watches as an API server does. */
export type LeaseServer = {
  readonly answer: Answer;
  readonly holder: () => string | undefined;
  /** Changes the Lease like `kubectl label`. */
  readonly touch: () => void;
  readonly remove: () => void;
  /** Blocks all later renewals of this holder; undefined ends the block. */
  readonly cutOff: (holder: string | undefined) => void;
};

export function createLeaseServer(): LeaseServer {
  let version = 10;
  let uids = 0;
  let stored: JsonRecord | undefined;
  let isolated: string | undefined;
  const watches = new Set<ServerResponse>();
  const metaOf = (object: JsonRecord | undefined): JsonRecord => recordOf(object?.['metadata']);
  const tell = (type: string, object: JsonRecord): void => {
    for (const watch of watches) watch.write(`${JSON.stringify({ type, object })}\n`);
  };
  const store = (object: JsonRecord, uid: unknown): JsonRecord => {
    const isNew = stored === undefined;
    version += 1;
    stored = { ...object, metadata: { ...metaOf(object), uid, resourceVersion: String(version) } };
    tell(isNew ? 'ADDED' : 'MODIFIED', stored);
    return stored;
  };
  const remove = (): void => {
    if (stored === undefined) return;
    version += 1;
    tell('DELETED', { ...stored, metadata: { ...metaOf(stored), resourceVersion: String(version) } });
    stored = undefined;
  };
  const isStored = (wanted: JsonRecord): boolean =>
    ['uid', 'resourceVersion'].every((field) => wanted[field] === undefined || wanted[field] === metaOf(stored)[field]);
  const status = (code: number, reason: string) => ({ code, body: { kind: 'Status', reason, message: reason } });
  const reply = (method: string, body: JsonRecord): { readonly code: number; readonly body: unknown } => {
    if (isolated !== undefined && recordOf(body['spec'])['holderIdentity'] === isolated) {
      return status(503, 'ServiceUnavailable');
    }
    switch (method) {
      case 'POST':
        return stored === undefined ? { code: 201, body: store(body, `uid-${++uids}`) } : status(409, 'AlreadyExists');
      case 'PUT':
        return isStored(metaOf(body))
          ? { code: 200, body: store(body, metaOf(stored)['uid']) }
          : status(409, 'Conflict');
      case 'DELETE':
        if (stored === undefined) return status(404, 'NotFound');
        if (!isStored(recordOf(body['preconditions']))) return status(409, 'Conflict');
        remove();
        return { code: 200, body: { kind: 'Status', status: 'Success' } };
      default:
        return stored === undefined ? status(404, 'NotFound') : { code: 200, body: stored };
    }
  };
  const answer: Answer = (request, response) => {
    const url = new URL(request.url ?? '', 'https://x');
    const send = (code: number, body: unknown): void => {
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (url.searchParams.get('watch') === 'true') {
      watches.add(response.writeHead(200, { 'content-type': 'application/json' }));
      response.flushHeaders();
      response.on('close', () => watches.delete(response));
      // The change between the list and this watch.
      const since = Number(url.searchParams.get('resourceVersion'));
      if (stored !== undefined && Number(metaOf(stored)['resourceVersion']) > since) tell('MODIFIED', stored);
      return;
    }
    if (request.method === 'GET' && url.pathname.endsWith('/leases')) {
      const items = stored === undefined ? [] : [stored];
      return send(200, { kind: 'LeaseList', metadata: { resourceVersion: String(version) }, items });
    }
    let text = '';
    request.on('data', (bytes: Buffer) => {
      text += bytes.toString();
    });
    request.on('end', () => {
      const { code, body } = reply(request.method ?? '', recordOf(text === '' ? {} : JSON.parse(text)));
      send(code, body);
    });
  };
  return {
    answer,
    holder: () => textOf(recordOf(stored?.['spec'])['holderIdentity']),
    touch: () => {
      if (stored !== undefined) store(stored, metaOf(stored)['uid']);
    },
    remove,
    cutOff: (holder) => {
      isolated = holder;
    },
  };
}

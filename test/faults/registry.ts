import { createServer } from 'node:http';
import { argv } from 'node:process';

/**
 * The error with which the registry answers. This file is a program that runs inside the network of the embedded
 * cluster, on the loopback address of the nodes: `registry.ts PORT`. It is an image registry without images. containerd
 * pulls images of localhost over plain HTTP.
 */
type Answer = { readonly status: number; readonly code: string; readonly headers?: Readonly<Record<string, string>> };

const ANSWERS: Readonly<Record<string, Answer>> = {
  private: { status: 401, code: 'UNAUTHORIZED', headers: { 'www-authenticate': 'Basic realm="registry"' } },
  busy: { status: 429, code: 'TOOMANYREQUESTS' },
  missing: { status: 404, code: 'MANIFEST_UNKNOWN' },
};
const UNKNOWN: Answer = { status: 404, code: 'NAME_UNKNOWN' };

createServer(({ url = '' }, response) => {
  const { status, code, headers = {} } = ANSWERS[url.split('/')[2] ?? ''] ?? UNKNOWN;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify({ errors: [{ code, message: code.toLowerCase() }] }));
}).listen(Number(argv[2]), '127.0.0.1');

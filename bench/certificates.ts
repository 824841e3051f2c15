import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { type Issuance, issueForFiveServers } from './issuance.ts';
import { timeProcess } from './process.ts';
import { moduleOf, type Slice, slicesOf } from './profile.ts';
import { withProfile } from './profiled-run.ts';
import { type Figure, figureOf, type Row, ratioOf, within } from './row.ts';

const ROUNDS = 21;
const MAX_MS = 15;
const SLICE_MS = 2;
const ISSUANCE = join(import.meta.dirname, 'issuance.ts');

/**
 * Compares the issuance of all certificates of five servers with the openssl calls of a script: a CA and one leaf
 * certificate, RSA. Rounds are interleaved.
 */
export async function certificates(): Promise<readonly Row[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-certificates-'));
  const [first, later, openssl, keys]: [number[], number[], number[], number[]] = [[], [], [], []];
  try {
    await issueForFiveServers();
    for (let round = 0; round < ROUNDS; round += 1) {
      openssl.push(byOpenssl(folder));
      first.push(measureIssuance().elapsedMs);
      keys.push(measureKeys());
      later.push((await issueForFiveServers()).elapsedMs);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const profile = await firstProfile();
  const reference = { label: 'openssl, 1 CA and 1 leaf, RSA 2048', ...figureOf(openssl) };
  const row = (label: string, ours: Figure): Row => {
    return { label, unit: 'ms', ours, reference, ...within(ours, reference, MAX_MS, 'ms') };
  };
  const workload = 'certificates for 5 servers, 2 CAs and 7 leaves, P-256';
  return [
    row(`${workload}, in a process that did so before`, figureOf(later)),
    { ...row(`${workload}, the first in its process`, figureOf(first)), profile },
    compareWithKeys(`${workload}, the first in its process`, figureOf(first), figureOf(keys)),
  ];
}

function compareWithKeys(label: string, ours: Figure, keys: Figure): Row {
  const reference = {
    label: 'the floor: 9 keys and 9 signatures by OpenSSL within Node, the first in their process',
    ...keys,
  };
  return { label, unit: 'ms', ours, reference, ratio: ratioOf(ours, reference), target: 'for comparison', isMet: true };
}

const KEYS = `
  import { generateKeyPairSync, sign } from 'node:crypto';
  const begun = performance.now();
  for (let one = 0; one < 9; one += 1) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    publicKey.export({ type: 'spki', format: 'der' });
    privateKey.export({ type: 'pkcs8', format: 'pem' });
    sign('sha256', Buffer.alloc(500), privateKey);
  }
  console.log(performance.now() - begun);
`;

/** Measures the time for keys and signatures alone, which any implementation needs. */
function measureKeys(): number {
  return Number(timeProcess(process.execPath, ['--input-type=module', '--eval', KEYS]).stdout);
}

/** Runs the issuance in a process of its own, before anything is compiled. */
function measureIssuance(env: NodeJS.ProcessEnv = {}): Issuance {
  const [begunUs = Number.NaN, elapsedMs = Number.NaN] = timeProcess(process.execPath, [ISSUANCE], { env })
    .stdout.split(' ')
    .map(Number);
  return { begunUs, elapsedMs };
}

async function firstProfile(): Promise<readonly Slice[]> {
  const { result, profile } = await withProfile(async (env) => measureIssuance(env));
  const { begunUs: startedAt, elapsedMs } = result;
  const parts = [{ activity: 'issue', fromMs: 0, toMs: elapsedMs }];
  return slicesOf({ profile, startedAt, elapsedMs, moduleAt: moduleOf, parts, requests: [] }, SLICE_MS);
}

function byOpenssl(cwd: string): number {
  const steps = [
    'req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -subj /CN=ca -days 1825',
    'req -newkey rsa:2048 -nodes -keyout tls.key -out tls.csr -subj /CN=nats -addext subjectAltName=DNS:nats-0.nats.svc',
    'x509 -req -in tls.csr -CA ca.crt -CAkey ca.key -CAcreateserial -copy_extensions copy -out tls.crt -days 90',
  ];
  return steps.reduce((sum, step) => sum + timeProcess('openssl', step.split(' '), { cwd }).elapsedMs, 0);
}

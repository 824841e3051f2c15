import { findErrorsSinceReload } from '../../causes/server-complaints.ts';
import { clusterNames, SERVER_CONTAINER } from '../../cluster/names.ts';
import { isActionError } from '../../errors/action-error.ts';
import {
  type Certificates,
  type DeploymentCredentials,
  findClientLeaf,
  type Leaf,
  secretKeys,
} from '../../manifests/material.ts';
import { decodeHealthz } from '../../nats/mesh/stream-replicas.ts';
import { decodeSecret } from '../../objects/secret.ts';
import { connectServer, type ServerConnection, type SignIn } from '../../servers/connection.ts';
import { fail, type ServerFailure, type ServerResult, succeed } from '../../servers/failure.ts';
import { fetchSystem } from '../../servers/system.ts';
import { pause } from '../../time/pause.ts';
import { reloadAgain } from '../gate/rereading.ts';
import type { ObservationTerms } from '../pods/pod-observation.ts';
import { buildServerTarget, sharedDials } from '../pods/server-access.ts';
import { notHeld } from '../reload/trial.ts';

/**
 * The time in milliseconds for which a failure that is not an answer of the server is tried again: port-forwards break,
 * nodes are busy. The server itself takes less time for its own work.
 */
const INSISTED_MS: ReadonlyMap<ServerFailure['reason'], number> = new Map([
  ['Unreachable', 60_000],
  ['Timeout', 60_000],
  ['ProtocolError', 15_000],
  ['HandshakeBroken', 15_000],
  ['ConnectionRefused', 6000],
]);
/**
 * A busy node lets a handshake time out after seconds. A server that breaks several handshakes faster than this, in
 * milliseconds, refuses them.
 */
const QUICK_MS = 1000;
const MAX_QUICK_BREAKS = 3;
const ANSWER_MS = 6000;
/** Streams whose account changed are current again within seconds. */
const HEALTHY_MS = 20_000;
const PAUSE_MS = 250;
/**
 * A tag says that the server has this configuration. It does not say that the server had the trust bundles when it read
 * the configuration.
 */
const ATTEMPTS = 3;
/** The lines that a reload logs, and the lines that a busy server logs at the same time. */
const LOG_LINES = 1000;

export type FirstProofTerms = {
  readonly gate: ObservationTerms;
  /** Checks whether the Secrets still hold the files that the server is to read from its volume. */
  readonly isVolumeCurrent: () => Promise<boolean>;
  readonly credentials: DeploymentCredentials;
  readonly certificates: Certificates;
  /** Whether the server was reloaded, so that its log reports the reload. */
  readonly isReloaded: boolean;
  /** Whether the server was healthy before it was touched. The change did not cause a problem that existed before. */
  readonly wasHealthy: boolean;
  /** Milliseconds since the server was touched. */
  readonly touchedMsAgo: number;
};

/**
 * Verifies that the first server works with the change. The server must accept the system user, the probe user and the
 * application with the content of its Secret, each over a new connection. It must be fully healthy, and must have
 * logged no error since its reload.
 * @throws ActionError ROLLOUT_STALLED with the server's own words
 */
export async function proveFirstServer(terms: FirstProofTerms, pod: string): Promise<void> {
  const complaining = terms.isReloaded ? complaintOf(terms, pod) : undefined;
  for (let attempt = 1; ; attempt++) {
    const [complaint, refusal] = await Promise.all([complaining, refusalOf(terms, pod)]);
    if (complaint !== undefined) {
      throw notHeld(pod, { reason: 'ServerComplains', words: complaint });
    }
    if (refusal === undefined) {
      return;
    }
    const { who, reason, message } = refusal;
    const isTrust = reason === 'ClientCertificateRefused' || reason.startsWith('Tls');
    if (!isTrust || attempt === ATTEMPTS || !(await terms.isVolumeCurrent())) {
      throw notHeld(pod, { reason, words: `${who}: ${message}` });
    }
    await reloadAgain(terms.gate, [pod]);
  }
}

type Refusal = Pick<ServerFailure, 'reason' | 'message'> & { readonly who: string };

async function refusalOf(terms: FirstProofTerms, pod: string): Promise<Refusal | undefined> {
  const signedIn = await signIns(terms, pod);
  const [first] = signedIn.flatMap(({ who, result }) => (result.ok ? [] : [{ who, ...result.failure }]));
  return first;
}

type SignedIn = { readonly who: string; readonly result: ServerResult<undefined> };

async function signIns(terms: FirstProofTerms, pod: string): Promise<readonly SignedIn[]> {
  const { gate, credentials } = terms;
  const ended = new AbortController();
  const signal = AbortSignal.any([gate.signal, ended.signal]);
  const dials = sharedDials(gate.api, gate.spec.namespace, signal);
  const connect = async (user: SignIn, trust: string, leaf: Leaf | undefined) =>
    await connectServer({ ...buildServerTarget({ ...gate, signal, dials }, pod, trust, leaf), ...user });
  const signIn = async (who: string, open: Open, use: Use = held): Promise<SignedIn> => {
    return { who, result: await insisted(open, use, signal) };
  };
  try {
    const { clientTrust } = terms.certificates;
    const leafOf = (user: string): Leaf | undefined => findClientLeaf(terms.certificates, user);
    const system = signIn(
      'system user',
      async () => await connect(gate.system, clientTrust, gate.clientCertificate),
      terms.wasHealthy ? async (connection) => await healthy(connection, signal) : held,
    );
    if (credentials.systemCredentials !== undefined) {
      return [await system]; // Applications bring their own users where JWTs authenticate users.
    }
    const { probe } = credentials;
    const application = await applicationOf(gate);
    return await Promise.all([
      system,
      signIn('probe user', async () => await connect(probe, clientTrust, leafOf(probe.user))),
      ...(application === undefined
        ? []
        : [
            signIn(
              `application with Secret ${clusterNames(gate.spec.name).clientSecret}`,
              async () => await connect(application.user, application.trust, application.leaf),
            ),
          ]),
    ]);
  } finally {
    ended.abort();
  }
}

type Open = () => Promise<ServerResult<ServerConnection>>;
type Use = (connection: ServerConnection) => Promise<ServerResult<undefined>>;

const held: Use = async () => succeed(undefined);

/**
 * Opens and uses a connection. Tries again after a connection that broke, or for which the server had no capacity.
 * Returns every other answer at once.
 */
async function insisted(open: Open, use: Use, signal: AbortSignal): Promise<ServerResult<undefined>> {
  const began = performance.now();
  for (let quickBreaks = 0; ; ) {
    const asked = performance.now();
    const opened = await open();
    const result = opened.ok ? await use(opened.value) : opened;
    if (opened.ok) {
      await opened.value.close();
    }
    if (result.ok || performance.now() - began >= (INSISTED_MS.get(result.failure.reason) ?? 0)) {
      return result;
    }
    const isQuickBreak = result.failure.reason === 'HandshakeBroken' && performance.now() - asked < QUICK_MS;
    quickBreaks += isQuickBreak ? 1 : 0;
    if (quickBreaks >= MAX_QUICK_BREAKS) {
      return result;
    }
    await pause(PAUSE_MS, signal);
  }
}

/** Waits until the server is fully healthy, including every stream and consumer of which it holds a part. */
async function healthy(connection: ServerConnection, signal: AbortSignal): Promise<ServerResult<undefined>> {
  const endsAt = performance.now() + HEALTHY_MS;
  for (;;) {
    const answer = await fetchSystem(connection, 'HEALTHZ', ANSWER_MS);
    if (!answer.ok) {
      return answer;
    }
    const health = decodeHealthz(answer.value);
    const problem = health.kind === 'decoded' ? health.value.problem : `${health.path}: ${health.message}`;
    if (problem === undefined) {
      return succeed(undefined);
    }
    if (performance.now() > endsAt) {
      return fail('RequestRefused', `it is not healthy: ${problem}`);
    }
    await pause(PAUSE_MS, signal);
  }
}

type Application = { readonly user: SignIn; readonly trust: string; readonly leaf: Leaf | undefined };

/** Returns the user, the trust bundle and the certificate that an application reads from its Secret now. */
async function applicationOf({ api, spec, signal }: ObservationTerms): Promise<Application | undefined> {
  const name = clusterNames(spec.name).clientSecret;
  const object = await api.get({ kind: 'Secret', name, namespace: spec.namespace }, signal);
  const data = object === undefined ? {} : decodeSecret(object).data;
  const text = (key: string): string | undefined => data[key];
  const [user, password, trust] = [secretKeys.user, secretKeys.password, secretKeys.trust].map(text);
  const [certificate, privateKey] = [secretKeys.certificate, secretKeys.privateKey].map(text);
  if (user === undefined || password === undefined || trust === undefined) {
    return undefined;
  }
  const leaf = certificate === undefined || privateKey === undefined ? undefined : { certificate, privateKey };
  return { user: { user, password }, trust, leaf };
}

/**
 * Returns the first error that the server logged since its last reload; undefined if it logged no error, or if these
 * credentials may not read the log.
 */
async function complaintOf({ gate, touchedMsAgo }: FirstProofTerms, pod: string): Promise<string | undefined> {
  const { api, spec, signal, redact } = gate;
  const ref = { namespace: spec.namespace, pod, container: SERVER_CONTAINER };
  const options = { tailLines: LOG_LINES, sinceSeconds: Math.ceil(touchedMsAgo / 1000) + 2 };
  try {
    const text = await api.podLog(ref, options, signal);
    const [first] = findErrorsSinceReload((text ?? '').split('\n'));
    return first === undefined ? undefined : redact(first);
  } catch (error) {
    if (!isActionError(error)) throw error;
    return undefined; // The server's health shows the same problem, as far as the server can report it.
  }
}

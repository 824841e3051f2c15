import { findErrorsSinceReload } from '../../causes/server-log.ts';
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
import type { ExpectedServers } from '../pods/pod-observation.ts';
import { buildServerTarget, type ServerAccess, SharedDials, type Use, useConnection } from '../pods/server-access.ts';
import { createTrialError } from '../reload/trial.ts';

const ANSWER_MS = 6000;
/**
 * The time in milliseconds in which the server must be healthy. Streams of a changed account are current again within
 * seconds.
 */
const HEALTHY_MS = 20_000;
const PAUSE_MS = 250;
/**
 * The number of attempts, with a reload between them. The tag of a server shows that it has this configuration, but not
 * that its volume held the trust bundles when it read the configuration.
 */
const ATTEMPTS = 3;
/** The number of log lines to read: those of a reload, and those that a busy server logs at the same time. */
const LOG_LINES = 1000;

/** The first server with the change, and the state that it must work with. */
export type FirstServer = {
  readonly servers: ExpectedServers;
  /** Returns a text without the secrets of the run. */
  readonly redact: (text: string) => string;
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
export async function verifyFirstServer(first: FirstServer, pod: string): Promise<void> {
  const complaining = first.isReloaded ? findComplaint(first, pod) : undefined;
  for (let attempt = 1; ; attempt++) {
    const [complaint, refusal] = await Promise.all([complaining, findRefusal(first, pod)]);
    if (complaint !== undefined) {
      throw createTrialError(pod, { reason: 'ServerComplains', words: complaint });
    }
    if (refusal === undefined) {
      return;
    }
    const { client, reason, message } = refusal;
    const isTrust = reason === 'ClientCertificateRefused' || reason.startsWith('Tls');
    if (!isTrust || attempt === ATTEMPTS || !(await first.isVolumeCurrent())) {
      throw createTrialError(pod, { reason, words: `${client}: ${message}` });
    }
    await reloadAgain(first.servers, [pod]);
  }
}

type Refusal = Pick<ServerFailure, 'reason' | 'message'> & { readonly client: string };

async function findRefusal(first: FirstServer, pod: string): Promise<Refusal | undefined> {
  const attempts = await logIn(first, pod);
  const [refusal] = attempts.flatMap(({ client, result }) => (result.ok ? [] : [{ client, ...result.failure }]));
  return refusal;
}

type Attempt = { readonly client: string; readonly result: ServerResult<undefined> };

/** Logs in as each user that the server must accept. */
async function logIn(first: FirstServer, pod: string): Promise<readonly Attempt[]> {
  const { servers, credentials, certificates, wasHealthy } = first;
  const { access } = servers;
  const ended = new AbortController();
  const signal = AbortSignal.any([access.signal, ended.signal]);
  const dials = new SharedDials(access.api, access.spec.namespace, signal);
  const attempt = async (client: string, user: SignIn, files: Files, use: Use = keepOpen): Promise<Attempt> => {
    const target = buildServerTarget({ ...access, signal, dials }, pod, files.trust, files.leaf);
    const open = async (): Promise<ServerResult<ServerConnection>> => await connectServer({ ...target, ...user });
    return { client, result: await useConnection(open, use, signal) };
  };
  const trust = certificates.clientTrust;
  try {
    const system = attempt(
      'system user',
      access.system,
      { trust, leaf: access.clientCertificate },
      wasHealthy ? async (connection) => await waitUntilHealthy(connection, signal) : keepOpen,
    );
    if (credentials.systemCredentials !== undefined) {
      return [await system]; // Applications bring their own users where JWTs authenticate users.
    }
    const { probe } = credentials;
    const application = await readApplication(access);
    const secret = clusterNames(access.spec.name).clientSecret;
    return await Promise.all([
      system,
      attempt('probe user', probe, { trust, leaf: findClientLeaf(certificates, probe.user) }),
      ...(application === undefined
        ? []
        : [attempt(`application with Secret ${secret}`, application.user, application)]),
    ]);
  } finally {
    ended.abort();
  }
}

const keepOpen: Use = async () => succeed(undefined);

/** Waits until the server is fully healthy, including every stream and consumer of which it holds a replica. */
async function waitUntilHealthy(connection: ServerConnection, signal: AbortSignal): Promise<ServerResult<undefined>> {
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

/** The trust bundle and the certificate of a client. */
type Files = { readonly trust: string; readonly leaf: Leaf | undefined };

type Application = Files & { readonly user: SignIn };

/** Returns the user, the trust bundle and the certificate that an application reads from its Secret now. */
async function readApplication({ api, spec, signal }: ServerAccess): Promise<Application | undefined> {
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
async function findComplaint({ servers, redact, touchedMsAgo }: FirstServer, pod: string): Promise<string | undefined> {
  const { api, spec, signal } = servers.access;
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

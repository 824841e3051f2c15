import { X509Certificate } from 'node:crypto';
import { clusterNames, podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError } from '../../errors/action-error.ts';
import { createInputError } from '../../inputs/grammar/violations.ts';
import { findClientLeaf } from '../../manifests/material.ts';
import { selectPresented } from '../../rotation/track.ts';
import type { Runner } from '../../runner/runner.ts';
import { type KeyLine, KeyLines } from '../../secrets/key-lines.ts';
import { markForeignText } from '../../secrets/likely-secrets.ts';
import { openTunnel } from '../../servers/dial.ts';
import type { Run } from '../context/run.ts';
import type { UserProvidedCertificates } from '../issuance/user-provided.ts';
import { createPodDial } from '../pods/server-access.ts';
import type { Converged } from '../rollout/convergence.ts';

/** The number of lines that the error quotes, enough to see the cause. */
const LAST_LINES = 20;

const ADDRESS = '127.0.0.1';
const LOOPBACK_NAME = 'localhost';

/**
 * Refuses, before any change, a smoke test whose client could not verify the servers by their user-provided
 * certificate.
 * @throws ActionError INPUT_INVALID
 */
export function requireSmokeTestable(script: string | undefined, { server }: UserProvidedCertificates): void {
  if (script === undefined || server === undefined || findTunnelHost(server.certificate) !== undefined) {
    return;
  }
  throw createInputError([
    {
      input: 'smoke-test',
      message:
        '`smoke-test` reaches the servers through a port of this machine, but the certificate of `server-tls-secret` names neither `localhost` nor `127.0.0.1`',
      correction: '# have it issued with `localhost` among its names, or leave out `smoke-test`',
    },
  ]);
}

/**
 * Refuses a smoke test whose client could not verify the servers, because the name constraints of their CA exclude
 * every name of this machine.
 * @throws ActionError INPUT_INVALID
 */
export function requireLoopbackName(script: string | undefined, omitted: readonly string[]): void {
  if (script === undefined || !omitted.includes(ADDRESS) || !omitted.includes(LOOPBACK_NAME)) {
    return;
  }
  throw createInputError([
    {
      input: 'smoke-test',
      message: `\`smoke-test\` reaches the servers through a port of this machine, but the name constraints of \`ca-certificate\` permit neither \`${LOOPBACK_NAME}\` nor \`${ADDRESS}\` in the server certificate`,
      correction: `# use a CA that permits \`${LOOPBACK_NAME}\`, or leave out \`smoke-test\``,
    },
  ]);
}

/** Returns the host by which clients reach the tunnel, if the certificate names one. */
function findTunnelHost(certificate: string): string | undefined {
  const leaf = new X509Certificate(certificate);
  return leaf.checkIP(ADDRESS) ?? (leaf.checkHost(LOOPBACK_NAME) === undefined ? undefined : LOOPBACK_NAME);
}

/** The last lines of the script, without keys that are split over lines. */
class LastLines {
  readonly #lines: KeyLine[] = [];
  readonly #keys = new KeyLines();

  add(line: string): void {
    const keyLine = this.#keys.read(line);
    // A whole key counts as one line.
    const before = keyLine.isOfKey && this.#lines.at(-1)?.isOfKey === true ? this.#lines.pop() : undefined;
    this.#lines.push(before === undefined ? keyLine : { ...keyLine, text: `${before.text}\n${keyLine.text}` });
    if (this.#lines.length > LAST_LINES) this.#lines.shift();
  }

  text(): string {
    return this.#lines.map(({ text }) => text).join('\n');
  }
}

/**
 * Runs the user's script with everything that a client needs to reach the servers: a port of this machine that leads to
 * them, the CAs to trust, and the client's identity.
 * @throws ActionError SMOKE_TEST_FAILED with its last lines
 */
export async function runSmokeTest(
  { api, runner, signal, waiting }: Run<unknown>,
  spec: ClusterSpec,
  state: Pick<Converged, 'certificates' | 'tracks'>,
  script: string,
): Promise<void> {
  waiting.enter('smoke-test');
  const lines = new LastLines();
  const tunnel = await openTunnel(
    podNames(spec).map((pod) => createPodDial(api, spec.namespace, pod)),
    signal,
  );
  const startedAt = performance.now();
  try {
    const exitCode = await runner.runScript({
      text: script,
      ...buildClientSettings(spec, state, tunnel.port),
      onLine: (line) => {
        const shown = markForeignText(line);
        runner.info(shown);
        lines.add(shown);
      },
      signal,
    });
    if (exitCode !== 0) {
      throw createSmokeTestError(spec, exitCode, lines.text(), signal);
    }
  } finally {
    await tunnel.close();
  }
  runner.info(`smoke test passed after ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
}

/** Returns the files and the variables by which the client of a script reaches the servers. */
function buildClientSettings(
  spec: ClusterSpec,
  { certificates, tracks }: Pick<Converged, 'certificates' | 'tracks'>,
  port: number,
): Pick<Parameters<Runner['runScript']>[0], 'files' | 'variables'> {
  const { credentials } = tracks;
  const client = selectPresented(credentials.client);
  const leaf = spec.clientVerify === 'none' ? undefined : findClientLeaf(certificates, client.user);
  return {
    files: {
      'ca.crt': certificates.clientTrust,
      ...(leaf === undefined ? {} : { 'tls.crt': leaf.certificate, 'tls.key': leaf.privateKey }),
    },
    variables: (folder) => ({
      NATS_URL: `tls://${findTunnelHost(certificates.server.certificate) ?? ADDRESS}:${port}`,
      NATS_CA: `${folder}/ca.crt`,
      // With JWT authentication, applications use their own credentials.
      ...(credentials.systemCredentials === undefined
        ? { NATS_USER: client.user, NATS_PASSWORD: client.password }
        : {}),
      ...(leaf === undefined ? {} : { NATS_CERT: `${folder}/tls.crt`, NATS_KEY: `${folder}/tls.key` }),
    }),
  };
}

function createSmokeTestError(
  { name }: ClusterSpec,
  exitCode: number,
  lines: string,
  { aborted }: AbortSignal,
): ActionError<'SMOKE_TEST_FAILED'> {
  const end = aborted ? 'the smoke test still ran at the deadline' : `the smoke test ended with exit code ${exitCode}`;
  const last = lines.trim() === '' ? 'it wrote nothing' : `its last lines:\n${lines}`;
  return new ActionError('SMOKE_TEST_FAILED', `${end}; ${last}`, {
    reason: aborted ? 'StillRunning' : 'ExitCode',
    hint: `The servers passed every check, so look at what the script expects. To try it by hand, connect with the URL and credentials in Secret ${clusterNames(name).clientSecret}.`,
    details: { exitCode },
  });
}

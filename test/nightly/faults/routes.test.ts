import { randomBytes } from 'node:crypto';
import { parseCa } from '../../../src/pki/ca.ts';
import { issueLeaf } from '../../../src/pki/issue.ts';
import { computeValidity } from '../../../src/pki/signed-certificate.ts';
import type { Fault, Made, Scene } from '../../faults/fault.ts';
import { awaitAllReady, PAIR, replacePod, startHeldWait } from '../../faults/stories.ts';
import { describeTheme } from '../../faults/theme.ts';
import { awaitLogLine } from '../../faults/visible.ts';
import { canaries } from '../../support/failure.ts';
import { makeUnknownCa } from '../../support/intruder.ts';
import { readSecret } from '../../support/live-cluster.ts';
import { editSecret } from '../../support/objects.ts';

const HOUR_MS = 3_600_000;
const POD = 'nats-1';

type LeafOptions = {
  readonly isForeign?: true;
  readonly host?: string;
  readonly fromMs?: number;
  readonly forMs?: number;
};

/** Gives the last of two servers another route certificate in the middle of the wait, and restarts it. */
async function otherLeaf(scene: Scene, terms: LeafOptions): Promise<Omit<Made, 'visible'>> {
  const { space } = scene.deployment;
  const { fromMs = 0, forMs = HOUR_MS, host = `${POD}.${space.name}.svc` } = terms;
  return await editedPeer(scene, 'tls-nats-routes', async () => {
    const texts = await readSecret(space, 'nats-authorities');
    const own = parseCa(texts['route-ca.crt'] ?? '', texts['route-ca.key'] ?? '');
    const leaf = await issueLeaf(terms.isForeign ? await makeUnknownCa() : own, {
      commonName: POD,
      keyAlgorithm: 'ecdsa-p256',
      serial: randomBytes(16),
      subjectAltNames: { dnsNames: [host], ipAddresses: [] },
      usages: ['serverAuth', 'clientAuth'],
      ...computeValidity(new Date(Date.now() + fromMs), forMs),
    });
    return { [`route-${POD}.crt`]: leaf.certificatePem, [`route-${POD}.key`]: leaf.privateKeyPem };
  });
}

async function editedPeer(
  scene: Scene,
  secret: string,
  edit: () => Promise<Readonly<Record<string, string>>>,
): Promise<Omit<Made, 'visible'>> {
  const { space } = scene.deployment;
  const { run, held } = await startHeldWait(scene);
  const texts = await edit();
  const undo = await editSecret(space, secret, () => texts);
  await replacePod(space, POD);
  await awaitAllReady(space, 2);
  held.release();
  return { run, undo };
}

async function refusedFor(scene: Scene, pattern: RegExp, terms: LeafOptions): Promise<Made> {
  const made = await otherLeaf(scene, terms);
  return { ...made, visible: awaitLogLine(scene.deployment.space, pattern) };
}

/** Returns the configuration with another route password. */
async function otherPassword({ deployment: { space } }: Scene): Promise<Readonly<Record<string, string>>> {
  const { 'nats.conf': text = '' } = await readSecret(space, 'nats-config');
  const password = canaries['route-password'];
  return { 'nats.conf': text.replaceAll(password, 'another').replaceAll(encodeURIComponent(password), 'another') };
}

const REFUSED_PASSWORD = /authentication error|Authorization Violation/;
const PAIR_NAMED = /nats-0 → nats-1|nats-1 → nats-0/;

const faults: readonly Fault[] = [
  {
    fault: 'route certificate of an unknown CA',
    inputs: PAIR,
    make: async (scene) => await refusedFor(scene, /unknown authority/, { isForeign: true }),
    code: 'MESH_INCOMPLETE (UnknownAuthority)',
    tells: [PAIR_NAMED, 'a CA that is not trusted'],
    hint: ['route CA'],
    state: /^nats-0 Ready, nats-1 Ready$/,
    withinSeconds: 5,
  },
  {
    fault: 'route certificate with another host',
    inputs: PAIR,
    make: async (scene) =>
      await refusedFor(scene, /certificate is .*valid for/, { host: `elsewhere.${scene.deployment.space.name}.svc` }),
    // Routes exist, because the peer accepts a connection that the server itself opens. Only a connection by the name
    // of the server shows the problem.
    code: 'MESH_INSECURE (ServerCertificateRefused)',
    tells: ['nats-1', "does not match certificate's altnames"],
    withinSeconds: 5,
  },
  {
    fault: 'clock skew: a route certificate that is not valid yet',
    inputs: PAIR,
    make: async (scene) => await refusedFor(scene, /is before/, { fromMs: 2 * HOUR_MS, forMs: 3 * HOUR_MS }),
    code: 'MESH_INCOMPLETE (CertificateNotYetValid)',
    tells: [PAIR_NAMED, 'not valid yet'],
    hint: ['clocks'],
    withinSeconds: 5,
  },
  {
    fault: 'expired route certificate',
    inputs: PAIR,
    make: async (scene) => await refusedFor(scene, /certificate has expired/, { fromMs: -2 * HOUR_MS }),
    code: 'MESH_INCOMPLETE (CertificateExpired)',
    tells: [PAIR_NAMED, 'expired'],
    hint: ['rotate'],
    withinSeconds: 5,
  },
  {
    fault: 'another route password on one server',
    inputs: PAIR,
    make: async (scene) => {
      const made = await editedPeer(scene, 'nats-config', async () => await otherPassword(scene));
      return { ...made, visible: awaitLogLine(scene.deployment.space, REFUSED_PASSWORD) };
    },
    code: 'MESH_INCOMPLETE (AuthorizationViolation)',
    tells: [PAIR_NAMED, 'user or password of the route is refused'],
    hint: ['route-password'],
    state: /^nats-0 Ready, nats-1 Ready$/,
    withinSeconds: 5,
  },
  {
    fault: 'another route password on one server, corrected in its Secret meanwhile',
    inputs: PAIR,
    make: async (scene) => {
      const { space } = scene.deployment;
      const { run, held } = await startHeldWait(scene);
      const edited = await otherPassword(scene);
      const restore = await editSecret(space, 'nats-config', () => edited);
      await replacePod(space, POD);
      await awaitAllReady(space, 2);
      await restore();
      await awaitLogLine(space, REFUSED_PASSWORD);
      held.release();
      return { run };
    },
    code: 'green',
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
];

describeTheme({ name: 'routes', faults, sceneOf: (scene) => scene });

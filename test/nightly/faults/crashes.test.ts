import { generateKeyPairSync } from 'node:crypto';
import type { Fault, Made, Scene } from '../../faults/fault.ts';
import { ONE, removeKeys, replacePod, startHeldWait } from '../../faults/stories.ts';
import { describeTheme } from '../../faults/theme.ts';
import { awaitContainerReason, awaitEvent } from '../../faults/visible.ts';
import { privateKeyLines } from '../../support/leaks.ts';
import { editSecret } from '../../support/objects.ts';
import { makeAuthority } from '../../unit/support/issuance.ts';

const CRASHED = /^(CrashLoopBackOff|Error)$/;

/** Edits a Secret in the middle of the wait, and restarts the server with the new texts. */
async function editedInWait(
  scene: Scene,
  secret: string,
  edit: (texts: Readonly<Record<string, string>>) => Readonly<Record<string, string>>,
): Promise<Omit<Made, 'visible'>> {
  const { space } = scene.deployment;
  const { run, held } = await startHeldWait(scene);
  const undo = await editSecret(space, secret, edit);
  await replacePod(space, 'nats-0');
  held.release();
  return { run, undo };
}

function editedConfiguration(scene: Scene, edit: (text: string) => string): Promise<Omit<Made, 'visible'>> {
  return editedInWait(scene, 'nats-config', ({ 'nats.conf': text = '' }) => ({ 'nats.conf': edit(text) }));
}

/** The override for a failing init container: an image of nats-server has no other program that could fail. */
const INIT = `StatefulSet/servers:
  spec:
    template:
      spec:
        initContainers:
          - name: migrate
            image: nats:2.15.2
            command: [nats-server, --signal, reload=/data/absent.pid]
            securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}`;

const crashed = async (scene: Scene, made: Promise<Omit<Made, 'visible'>>): Promise<Made> => ({
  ...(await made),
  visible: awaitContainerReason(scene.deployment.space, CRASHED),
});

const faults: readonly Fault[] = [
  {
    fault: 'configuration error',
    inputs: ONE,
    make: async (scene) =>
      await crashed(
        scene,
        editedConfiguration(scene, (text) => `${text}\nmax_conections: 5\n`),
      ),
    code: 'ROLLOUT_STALLED (ConfigurationError)',
    tells: ['pod nats-0', /nats\.conf:\d+/, 'max_conections'],
    hint: ['nats.conf'],
    withinSeconds: 5,
  },
  {
    fault: 'private key of another certificate',
    inputs: ONE,
    make: async (scene) => {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
      return await crashed(
        scene,
        editedInWait(scene, 'tls-nats-server', () => ({ 'tls.key': key })),
      );
    },
    code: 'PKI_INVALID (CertificateKeyMismatch)',
    tells: ['pod nats-0', 'do not belong together'],
    hint: ['Secret'],
    withinSeconds: 5,
  },
  {
    fault: 'port in use',
    inputs: ONE,
    make: async (scene) => {
      const edited = editedConfiguration(scene, (text) => text.replace(/http_port: ?\d+/, 'http_port: 4222'));
      return { ...(await edited), visible: awaitContainerReason(scene.deployment.space, /^CrashLoopBackOff$/) };
    },
    code: 'ROLLOUT_STALLED (PortInUse)',
    tells: ['pod nats-0', '4222'],
    hint: ['port'],
    withinSeconds: 5,
  },
  {
    fault: 'probe without an answer',
    inputs: ONE,
    make: async (scene) => {
      const edited = editedConfiguration(scene, (text) => text.replace(/http_port: ?\d+/, 'http_port: 8223'));
      const { space } = scene.deployment;
      const { run, undo: restored } = await edited;
      const undo = async (): Promise<void> => {
        await restored?.();
        await replacePod(space, 'nats-0'); // nats-server accepts another http_port only by a restart.
      };
      return { run, undo, visible: awaitEvent(space, /Startup probe failed: .*refused/) };
    },
    code: 'ROLLOUT_STALLED (ProbeFailed)',
    tells: ['pod nats-0', 'refused'],
    hint: ['8222'],
    // At every start, the first probes are refused. Here the refusals continue for 15 s.
    withinSeconds: 20,
  },
  {
    fault: 'failing init container from overrides',
    inputs: ONE,
    make: async ({ start, deployment: { space } }) => ({
      run: start({ overrides: INIT }),
      visible: awaitEvent(space, /Back-off restarting failed container migrate/),
    }),
    code: /^ROLLOUT_STALLED \((CrashLoopBackOff|ContainerEnded)\)$/,
    tells: ['pod nats-0', 'migrate does not keep running', 'absent.pid'],
    hint: ['overrides'],
    withinSeconds: 5,
  },
  {
    fault: 'route certificate removed from its Secret',
    inputs: ONE,
    make: async (scene) => {
      const { space } = scene.deployment;
      const { run, held } = await startHeldWait(scene);
      await removeKeys(space, 'tls-nats-routes', ['route-nats-0.crt']);
      await replacePod(space, 'nats-0');
      held.release();
      return { run, visible: awaitContainerReason(space, CRASHED) };
    },
    code: 'ROLLOUT_STALLED (FileMissing)',
    tells: ['pod nats-0', 'route-nats-0.crt'],
    hint: ['Secret'],
    withinSeconds: 5,
  },
  {
    fault: 'Secret deleted manually during the wait',
    inputs: ONE,
    make: async (scene) => {
      const { space } = scene.deployment;
      const { run, held } = await startHeldWait(scene);
      await space.core.deleteNamespacedSecret({ name: 'tls-nats-routes', namespace: space.name });
      await replacePod(space, 'nats-0');
      held.release();
      return { run, visible: awaitEvent(space, /secret "tls-nats-routes" not found/) };
    },
    code: 'ROLLOUT_STALLED (SecretMissing)',
    tells: ['pod nats-0', 'tls-nats-routes'],
    hint: ['run the job again'],
    withinSeconds: 5,
  },
];

/** A user-provided CA, whose key must not be in any Secret of the deployment. */
const { certificatePem, privateKeyPem } = await makeAuthority({ commonName: 'given authority' });

describeTheme({
  name: 'crashes',
  inputs: { 'ca-certificate': certificatePem, 'ca-private-key': privateKeyPem },
  // A private key contains its public key, and the certificate may contain the same characters.
  secrets: privateKeyLines(privateKeyPem).filter((line) => !certificatePem.includes(line)),
  faults,
  sceneOf: (scene) => scene,
});

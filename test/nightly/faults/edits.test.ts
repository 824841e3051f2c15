import { expect } from '@jest/globals';
import { restart } from '../../chaos/manual-edits.ts';
import type { Fault } from '../../faults/fault.ts';
import { awaitAllReady, isPortForward, PAIR, replacePod, startHeldWait } from '../../faults/stories.ts';
import { describeTheme } from '../../faults/theme.ts';
import { awaitEvent } from '../../faults/visible.ts';
import { eventually } from '../../support/eventually.ts';
import { readSecret } from '../../support/live-cluster.ts';
import { MERGE } from '../../support/objects.ts';
import { planted } from '../../support/planted-secrets.ts';

/** A change that a reload applies, so that the run has to wait for the servers. */
const DEBUG = { debug: 'true' };
const TRACE = { trace: 'true' };
const UNPULLABLE = '127.0.0.1:1/nats:2.15.2';

const faults: readonly Fault[] = [
  {
    fault: 'pod deleted while it is verified',
    on: 'running',
    make: async (scene) => {
      const { run, held } = await startHeldWait(scene);
      await replacePod(scene.deployment.space, 'nats-1');
      held.release();
      return { run };
    },
    code: 'green',
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
  {
    fault: 'kubectl rollout restart during the wait',
    on: 'running',
    again: DEBUG,
    make: async (scene) => {
      const { run, held } = await startHeldWait(scene, DEBUG);
      await restart(scene.deployment);
      held.release();
      return { run };
    },
    code: 'green',
  },
  {
    fault: 'Secret deleted manually before servers reload it',
    on: 'running',
    again: TRACE,
    make: async (scene) => {
      const { space } = scene.deployment;
      const { run, held } = await startHeldWait(scene, TRACE);
      await space.core.deleteNamespacedSecret({ name: 'nats-config', namespace: space.name });
      held.release();
      return { run, visible: awaitEvent(space, /secret "nats-config" not found/) };
    },
    code: 'ROLLOUT_STALLED (SecretMissing)',
    tells: ['pod nats-', 'nats-config'],
    hint: ['run the job again'],
    state: /^nats-0 Ready, nats-1 Ready$/,
    withinSeconds: 5,
  },
  {
    fault: 'kubectl edit of a Service between two runs',
    on: 'running',
    make: async ({ start, deployment: { space } }) => {
      const { core, name: namespace } = space;
      const { metadata } = await core.readNamespacedService({ name: 'nats', namespace });
      const body = {
        spec: { sessionAffinity: 'ClientIP' },
        metadata: { labels: { 'app.kubernetes.io/name': 'mine' } },
      };
      await core.patchNamespacedService({ name: 'nats', namespace, body, fieldManager: 'kubectl-edit' }, MERGE);
      const undo = async (): Promise<void> => {
        const { labels, managedFields } = metadata ?? {};
        const before = { metadata: { labels }, spec: { sessionAffinity: 'None' } };
        await core.patchNamespacedService({ name: 'nats', namespace, body: before }, MERGE);
        await core.patchNamespacedService({ name: 'nats', namespace, body: { metadata: { managedFields } } }, MERGE);
      };
      return { run: start(), undo };
    },
    code: 'APPLY_CONFLICT (FieldManagerConflict)',
    tells: ['Service', 'kubectl-edit'],
    hint: ['manager'],
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
  {
    fault: 'kubectl scale between two runs',
    on: 'running',
    make: async ({ start, deployment: { space, apps } }) => {
      const ref = { name: 'nats', namespace: space.name };
      const { metadata } = await apps.readNamespacedStatefulSet(ref);
      const write = async (body: object): Promise<void> => {
        await apps.patchNamespacedStatefulSet({ ...ref, body, fieldManager: 'kubectl-scale' }, MERGE);
      };
      await write({ spec: { replicas: 1 } });
      const undo = async (): Promise<void> => {
        await write({ spec: { replicas: 2 } });
        await write({ metadata: { managedFields: metadata?.managedFields } });
        await awaitAllReady(space, 2);
      };
      return { run: start(), undo };
    },
    code: 'APPLY_CONFLICT (FieldManagerConflict)',
    tells: ['StatefulSet', 'kubectl-scale', 'replicas'],
    hint: ['manager'],
  },
  {
    fault: 'servers of an old broken revision that block a rollout',
    on: 'running',
    make: async ({ start, deployment }) => {
      // Only a killed run leaves the server in this state; any other run restores the server.
      const killer = new AbortController();
      const broken = deployment.run({ ...planted, ...PAIR, image: UNPULLABLE }, { signal: killer.signal });
      await eventually('nats-1 with the image that cannot be pulled', 60, async () => {
        const { core, name: namespace } = deployment.space;
        const pod = await core.readNamespacedPod({ name: 'nats-1', namespace }).catch(() => undefined); // Between two pods.
        return pod?.spec?.containers.some(({ image }) => image === UNPULLABLE) || undefined;
      });
      killer.abort('SIGKILL');
      expect((await broken).exitCode).toBe(137);
      return { run: start({ image: 'nats:2.15.2' }) };
    },
    code: 'green',
    state: /^nats-0 Ready, nats-1 Ready$/,
    check: async (_, { stdout }) => {
      expect(stdout).toMatch(/replaced stuck pods: Pod\/nats-1/);
    },
  },
  {
    fault: 'new image that cannot be pulled, with rollback-on-failure',
    on: 'running',
    make: async ({ start }) => ({ run: start({ image: UNPULLABLE, 'rollback-on-failure': 'true' }) }),
    code: 'ROLLOUT_STALLED (RegistryUnreachable)',
    tells: ['pod nats-1', UNPULLABLE, 'rolled back to the last verified state'],
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
  {
    fault: 'reached deadline',
    on: 'running',
    make: async (scene) => {
      const held = await scene.hold(isPortForward);
      return { run: scene.start({ ...(await scene.through(held)), timeout: '10s' }) };
    },
    code: 'WAIT_TIMEOUT',
    tells: ['deadline', 'nats-0', 'nats-1'],
    hint: ['timeout'],
    state: /^nats-0 Ready, nats-1 Ready$/,
  },
  {
    fault: 'password edited manually in the client Secret',
    on: 'running',
    make: async ({ start, deployment: { space } }) => {
      const { core, name: namespace } = space;
      const { password = '' } = await readSecret(space, 'nats-client');
      const { metadata } = await core.readNamespacedSecret({ name: 'nats-client', namespace });
      const write = async (body: object): Promise<void> => {
        await core.patchNamespacedSecret({ name: 'nats-client', namespace, body, fieldManager: 'kubectl-edit' }, MERGE);
      };
      await write({ stringData: { password: 'edited by hand' } });
      const undo = async (): Promise<void> => {
        await write({ stringData: { password } });
        await write({ metadata: { managedFields: metadata?.managedFields } });
      };
      return { run: start(), undo };
    },
    code: 'APPLY_CONFLICT (FieldManagerConflict)',
    tells: ['Secret', 'nats-client', 'kubectl-edit'],
    hint: ['manager'],
  },
];

describeTheme({ name: 'edits', inputs: PAIR, faults, sceneOf: (scene) => scene });

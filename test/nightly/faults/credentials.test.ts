import { AuthenticationV1Api, AuthorizationV1Api, RbacAuthorizationV1Api } from '@kubernetes/client-node';
import { listDeployPermissions } from '../../../src/manifests/permissions.ts';
import type { Fault } from '../../faults/fault.ts';
import { awaitAllReady, isPortForward, ONE, startHeldWait } from '../../faults/stories.ts';
import { describeTheme } from '../../faults/theme.ts';
import { waitUntil } from '../../faults/visible.ts';
import { makeAccount } from '../../support/account.ts';
import { kubeconfigOf, requestToken } from '../../support/deployment.ts';

const faults: readonly Fault[] = [
  {
    fault: 'permission removed during the run',
    inputs: ONE,
    make: async (scene) => {
      const { config, name: namespace } = scene.deployment.space;
      const rbac = config.makeApiClient(RbacAuthorizationV1Api);
      const [binding] = (await rbac.listNamespacedRoleBinding({ namespace })).items;
      const { name = '' } = binding?.metadata ?? {};
      const { run, held } = await startHeldWait(scene);
      await rbac.deleteNamespacedRoleBinding({ name, namespace });
      const user = `system:serviceaccount:${namespace}:deployer`;
      const resourceAttributes = { namespace, verb: 'create', resource: 'pods', subresource: 'portforward' };
      const visible = await waitUntil('the permission gone', async () => {
        const review = config.makeApiClient(AuthorizationV1Api);
        const { status } = await review.createSubjectAccessReview({ body: { spec: { user, resourceAttributes } } });
        return status?.allowed !== true;
      });
      await awaitAllReady(scene.deployment.space, 1);
      held.release();
      const undo = async (): Promise<void> => {
        if (binding === undefined) return;
        const { roleRef, subjects = [] } = binding;
        await rbac.createNamespacedRoleBinding({ namespace, body: { metadata: { name }, roleRef, subjects } });
      };
      return { run, visible: Promise.resolve(visible), undo };
    },
    code: 'FORBIDDEN (Rbac)',
    tells: ['portforward'],
    hint: ['kind: Role', 'pods/portforward'],
    state: /^nats-0 Ready$/,
    withinSeconds: 5,
  },
  {
    fault: 'token revoked during the run',
    inputs: ONE,
    make: async (scene) => {
      const { space } = scene.deployment;
      const { config, core, name: namespace } = space;
      await makeAccount(
        space,
        'leaving',
        listDeployPermissions({
          createNamespace: false,
          networkPolicy: false,
          config: false,
          metrics: false,
          jetstream: false,
        }),
      );
      const token = await requestToken(space, 'leaving');
      const held = await scene.hold(isPortForward);
      const run = scene.start({ kubeconfig: kubeconfigOf(space, 'leaving', token, held.url) });
      await Promise.race([held.reached, run.result]);
      await core.deleteNamespacedServiceAccount({ name: 'leaving', namespace });
      // The API server caches a valid token for ten seconds.
      const visible = await waitUntil('the token refused', async () => {
        const review = config.makeApiClient(AuthenticationV1Api);
        const { status } = await review.createTokenReview({ body: { spec: { token } } });
        return status?.authenticated !== true;
      });
      await awaitAllReady(space, 1);
      held.release();
      return { run, visible: Promise.resolve(visible) };
    },
    code: 'UNAUTHENTICATED (InvalidCredentials)',
    tells: ['refuses the credentials'],
    hint: ['kubeconfig'],
    state: /^nats-0 Ready$/,
    withinSeconds: 5,
  },
];

describeTheme({ name: 'credentials', faults, sceneOf: (scene) => scene });

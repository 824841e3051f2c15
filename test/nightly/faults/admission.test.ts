import { AdmissionregistrationV1Api, ApiException } from '@kubernetes/client-node';
import type { Fault, Undo } from '../../faults/fault.ts';
import { ONE } from '../../faults/stories.ts';
import { describeTheme } from '../../faults/theme.ts';
import { awaitEvent, awaitUnscheduled, waitUntil } from '../../faults/visible.ts';
import type { TestNamespace } from '../../support/namespace.ts';

/** Creates a quota and waits for its controller, because the API server enforces a quota only after that. */
async function limit({ core, name: namespace }: TestNamespace, hard: Readonly<Record<string, string>>): Promise<Undo> {
  const name = 'limit';
  await core.createNamespacedResourceQuota({ namespace, body: { metadata: { name }, spec: { hard: { ...hard } } } });
  await waitUntil('the quota', async () => {
    const { status } = await core.readNamespacedResourceQuota({ name, namespace });
    return status?.hard !== undefined;
  });
  return async () => {
    await core.deleteNamespacedResourceQuota({ name, namespace });
  };
}

/** Waits until the API server refuses a matching request, so that the fault exists before the run. */
async function refused(condition: string, attempt: () => Promise<unknown>): Promise<void> {
  await waitUntil(condition, async () => {
    try {
      await attempt();
      return false;
    } catch (error) {
      if (error instanceof ApiException) return true;
      throw error;
    }
  });
}

async function policy({ config, core, name }: TestNamespace, resource: 'pods' | 'secrets'): Promise<Undo> {
  const api = config.makeApiClient(AdmissionregistrationV1Api);
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: [resource] };
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': name } };
  await api.createValidatingAdmissionPolicy({
    body: {
      metadata: { name },
      spec: {
        matchConstraints: { namespaceSelector, resourceRules: [rule] },
        validations: [
          {
            expression: "'cost-center' in object.metadata.?labels.orValue({})",
            message: 'label cost-center is missing',
          },
        ],
      },
    },
  });
  await api.createValidatingAdmissionPolicyBinding({
    body: { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } },
  });
  const undo = async (): Promise<void> => {
    await api.deleteValidatingAdmissionPolicyBinding({ name });
    await api.deleteValidatingAdmissionPolicy({ name });
  };
  await refused('the policy', async () => await rehearse({ core, name }, resource));
  return async () => {
    await undo();
    await waitUntil('the policy gone', async () => {
      const gone = await rehearse({ core, name }, resource).catch(() => undefined); // Still refused.
      return gone !== undefined;
    });
  };
}

async function webhook({ config, core, name }: TestNamespace): Promise<Undo> {
  const api = config.makeApiClient(AdmissionregistrationV1Api);
  const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'] }];
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': name } };
  const clientConfig = { service: { name: 'gatekeeper', namespace: name }, caBundle: '' };
  const hook = { name: 'pods.example.com', sideEffects: 'None', admissionReviewVersions: ['v1'] };
  const body = {
    metadata: { name },
    webhooks: [{ ...hook, rules, namespaceSelector, clientConfig: { service: clientConfig.service } }],
  };
  await api.createValidatingWebhookConfiguration({ body });
  await refused('the webhook', async () => await rehearse({ core, name }, 'pods'));
  return async () => {
    await api.deleteValidatingWebhookConfiguration({ name });
    await waitUntil('the webhook gone', async () => {
      const gone = await rehearse({ core, name }, 'pods').catch(() => undefined); // Still refused.
      return gone !== undefined;
    });
  };
}

/** Sends a dry run of a pod or Secret. */
async function rehearse(
  { core, name: namespace }: Pick<TestNamespace, 'core' | 'name'>,
  resource: 'pods' | 'secrets',
): Promise<unknown> {
  const metadata = { name: 'rehearsal' };
  if (resource === 'secrets')
    return await core.createNamespacedSecret({ namespace, body: { metadata }, dryRun: 'All' });
  const securityContext = { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } };
  const own = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const resources = { requests: { memory: '1Mi' }, limits: { memory: '1Mi' } };
  const containers = [{ name: 'rehearsal', image: 'nats:2.15.2', securityContext: own, resources }];
  return await core.createNamespacedPod({
    namespace,
    body: { metadata, spec: { securityContext, containers } },
    dryRun: 'All',
  });
}

const faults: readonly Fault[] = [
  {
    fault: 'more servers than nodes',
    inputs: ONE,
    make: async ({ start }) => ({ run: start({ replicas: '99' }) }),
    code: 'INPUT_INVALID (TooFewNodes)',
    tells: ['99 servers'],
    hint: ['anti-affinity: preferred'],
    state: /^no server$/,
  },
  {
    fault: 'no node with enough cpu',
    inputs: ONE,
    make: async ({ start, deployment }) => ({
      run: start({ resources: '{requests: {cpu: "10000"}}' }),
      visible: awaitUnscheduled(deployment.space),
    }),
    code: 'ROLLOUT_STALLED (InsufficientResources)',
    tells: ['pod nats-0', 'Insufficient cpu'],
    hint: ['resources'],
    state: /nats-0 Unschedulable/,
    withinSeconds: 5,
  },
  {
    fault: 'exceeded ResourceQuota',
    inputs: ONE,
    make: async ({ start, deployment: { space } }) => {
      const undo = await limit(space, { pods: '0' });
      return { run: start(), visible: awaitEvent(space, /exceeded quota: limit/), undo };
    },
    code: 'APPLY_REJECTED (QuotaExceeded)',
    tells: ['pod nats-0', 'ResourceQuota limit'],
    hint: ['quota'],
    state: /^no server$/,
    withinSeconds: 5,
  },
  {
    fault: 'quota on the number of Secrets',
    inputs: ONE,
    make: async ({ start, deployment: { space } }) => {
      const undo = await limit(space, { 'count/secrets': '3' });
      return { run: start(), undo };
    },
    code: 'APPLY_REJECTED (ExceededQuota)',
    tells: ['exceeded quota: limit'],
    hint: ['ResourceQuota'],
    state: /^no server$/,
  },
  {
    fault: 'LimitRange that refuses the pods',
    inputs: ONE,
    make: async ({ start, deployment: { space } }) => {
      const { core, name: namespace } = space;
      const limits = [{ type: 'Container', max: { memory: '64Mi' }, _default: { memory: '64Mi' } }];
      await core.createNamespacedLimitRange({ namespace, body: { metadata: { name: 'small' }, spec: { limits } } });
      const undo = async (): Promise<void> => {
        await core.deleteNamespacedLimitRange({ name: 'small', namespace });
      };
      return { run: start(), visible: awaitEvent(space, /error: .*memory/i), undo };
    },
    code: 'APPLY_REJECTED (LimitRangeRefused)',
    tells: ['pod nats-0', '64Mi'],
    hint: ['LimitRange'],
    state: /^no server$/,
    withinSeconds: 5,
  },
  {
    fault: 'pods that Pod Security refuses',
    inputs: ONE,
    make: async ({ start, deployment: { space } }) => ({
      run: start({ overrides: 'StatefulSet/servers: {spec: {template: {spec: {hostPID: true}}}}' }),
      visible: awaitEvent(space, /violates PodSecurity/),
    }),
    code: 'APPLY_REJECTED (PodSecurityRefused)',
    tells: ['pod nats-0', 'PodSecurity restricted', 'hostPID'],
    hint: ['overrides'],
    state: /^no server$/,
    withinSeconds: 5,
  },
  {
    fault: 'admission policy that refuses the pods',
    inputs: ONE,
    make: async ({ start, deployment: { space } }) => {
      const undo = await policy(space, 'pods');
      return { run: start(), visible: awaitEvent(space, /cost-center is missing/), undo };
    },
    code: 'APPLY_REJECTED (AdmissionRefused)',
    tells: ['pod nats-0', 'cost-center'],
    hint: ['policy'],
    state: /^no server$/,
    withinSeconds: 5,
  },
  {
    fault: 'admission policy that refuses the Secrets',
    inputs: ONE,
    make: async ({ start, deployment: { space } }) => {
      const undo = await policy(space, 'secrets');
      return { run: start(), undo };
    },
    code: 'APPLY_REJECTED (Invalid)',
    tells: ['Secret', 'cost-center'],
    state: /^no server$/,
  },
  {
    fault: 'admission webhook without its Service',
    inputs: ONE,
    make: async ({ start, deployment: { space } }) => {
      const undo = await webhook(space);
      return { run: start(), visible: awaitEvent(space, /failed calling webhook/), undo };
    },
    code: 'APPLY_REJECTED (WebhookMissing)',
    tells: ['pod nats-0', 'pods.example.com'],
    hint: ['webhook'],
    state: /^no server$/,
    withinSeconds: 5,
  },
];

describeTheme({ name: 'admission', faults, sceneOf: (scene) => scene });

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AdmissionregistrationV1Api } from '@kubernetes/client-node';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { connectAfterDeploy } from '../../support/first-connection.ts';
import { errorTitle } from '../../support/live-cluster.ts';

/** The time in which the API server begins to enforce a new policy. */
const POLICY_MS = 2000;

describe('a client that starts after the step', () => {
  let deployment: TestDeployment;

  beforeAll(async () => {
    deployment = await makeDeployment('first');
  });

  afterAll(async () => {
    await deployment.remove();
  });

  test.each(['1', '3', '1', '3'].map((replicas, index) => ({ replicas, name: `c${index}` })))(
    'connects through the Service of $replicas servers at the first attempt',
    async (inputs) => {
      expect((await connectAfterDeploy(deployment, inputs)).lastFailureMs).toBeLessThan(0);
    },
  );

  test('connects after all servers were replaced', async () => {
    const inputs = { name: 'c1', replicas: '3', resources: '{requests: {cpu: 50m, memory: 64Mi}}' };
    expect((await connectAfterDeploy(deployment, inputs)).lastFailureMs).toBeLessThan(0);
  });

  test('does not start while the Service has no endpoint, because the step does not succeed', async () => {
    const undo = await denyEndpoints(deployment, 'nowhere');
    try {
      const result = await deployment.run({ name: 'nowhere', replicas: '2', timeout: '45s' });
      expect(errorTitle(result)).toBe('WAIT_TIMEOUT (OtherEndpoints)');
      expect(result.stdout).toContain('Service nowhere: does not lead to nowhere-0, nowhere-1 yet');
    } finally {
      await undo();
    }
  });
});

/** Denies all writes of the EndpointSlices of this Service. */
async function denyEndpoints({ space }: TestDeployment, service: string): Promise<() => Promise<void>> {
  const { name } = space;
  const api = space.config.makeApiClient(AdmissionregistrationV1Api);
  const rule = {
    apiGroups: ['discovery.k8s.io'],
    apiVersions: ['v1'],
    operations: ['CREATE', 'UPDATE'],
    resources: ['endpointslices'],
  };
  const expression = `object.metadata.labels['kubernetes.io/service-name'] != '${service}'`;
  await api.createValidatingAdmissionPolicy({
    body: {
      metadata: { name },
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
          resourceRules: [rule],
        },
        validations: [{ expression }],
      },
    },
  });
  await api.createValidatingAdmissionPolicyBinding({
    body: { metadata: { name }, spec: { policyName: name, validationActions: ['Deny'] } },
  });
  await delay(POLICY_MS);
  return async () => {
    await api.deleteValidatingAdmissionPolicyBinding({ name });
    await api.deleteValidatingAdmissionPolicy({ name });
  };
}

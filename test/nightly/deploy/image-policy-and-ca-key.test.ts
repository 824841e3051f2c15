import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AdmissionregistrationV1Api, ApiException, AppsV1Api } from '@kubernetes/client-node';
import { type PublicCase, recordCase } from '../../faults/cases.ts';
import { waitUntil } from '../../faults/visible.ts';
import type { ActionResult } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { errorTitle, readPodUids } from '../../support/live-cluster.ts';
import { reachServers } from '../../support/server-reach.ts';
import { makeAuthority } from '../../unit/support/issuance.ts';

type Inputs = Readonly<Record<string, string>>;

/** Runs a step that must fail without a change of any server. Returns the title of the error and the whole log. */
async function refuse(
  deployment: TestDeployment,
  inputs: Inputs,
  met?: PublicCase,
): Promise<readonly [string | undefined, string]> {
  const before = await readPodUids(deployment.space);
  const result = await deployment.run(inputs);
  expect(result.exitCode).toBe(1);
  expect(await readPodUids(deployment.space)).toEqual(before);
  if (met !== undefined) await recordCase(met, result, deployment);
  return [errorTitle(result), result.stdout];
}

describe('a policy that changes the image of every StatefulSet', () => {
  const STORED = 'docker.io/library/nats:2.15.2';
  const inputs = { replicas: '2', image: 'nats:2.15.2' };
  let deployment: TestDeployment;
  let remove: () => Promise<void>;
  let first: ActionResult;

  beforeAll(async () => {
    deployment = await makeDeployment('admitted');
    remove = await rewriteImages(deployment, STORED);
    first = await deployment.requireRun(inputs);
  });

  afterAll(async () => {
    await remove();
    await deployment.remove();
  });

  test('causes a warning if the release is the requested one', async () => {
    expect(first.stdout).toMatch(
      /::warning title=Changed by admission::.*nats:2\.15\.2 to docker\.io\/library\/nats:2\.15\.2/,
    );
    const title = '21: admission rewrites the image, to the same release';
    const line = /::warning title=Changed by admission::/;
    await recordCase({ slug: '21-a-same-release', title, line }, first, deployment);
  });

  test('does not fail `verify`, and a second deploy changes nothing, with `image` and without', async () => {
    expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    expect((await deployment.requireRun(inputs)).outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
    const kept = await deployment.requireRun({ replicas: '2' });
    expect(kept.outputs).toMatchObject({ result: 'unchanged', changed: 'false' });
  });

  test.each(['plan', 'deploy'])('fails `%s` of another release, and restarts no server', async (command) => {
    const other = { ...inputs, command, image: 'nats:2.14.9' };
    const met = { slug: '21-b-other-release', title: '21: admission rewrites the image, to another release' };
    const [title, log] = await refuse(deployment, other, command === 'deploy' ? met : undefined);
    expect(title).toBe('APPLY_REJECTED (ChangedByAdmission)');
    expect(log).toContain(`was changed from nats:2.14.9 to ${STORED}`);
    expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
  });

  test('no longer prevents the release after the policy is deleted', async () => {
    await remove();
    const after = await deployment.requireRun({ ...inputs, image: 'nats:2.14.9' });
    expect(after.outputs).toMatchObject({ result: 'deployed', changed: 'true' });
    expect(after.summary).toContain('nats-server 2.14.9');
  });
});

describe('a policy that changes the image of every pod', () => {
  let deployment: TestDeployment;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    deployment = await makeDeployment('pod-admitted');
    remove = await rewriteImages(deployment, 'docker.io/library/nats:2.14.9', 'pods');
  });

  afterAll(async () => {
    await remove();
    await deployment.remove();
  });

  test('fails the step, because the servers run another release', async () => {
    const result = await deployment.run({ replicas: '1', image: 'nats:2.15.2' });
    expect(result.exitCode).toBe(1);
    const [title, log] = [errorTitle(result), result.stdout];
    expect(title).toBe('APPLY_REJECTED (ChangedByAdmission)');
    expect(log).toContain('docker.io/library/nats:2.14.9');
    const met = { slug: '21-c-pods', title: '21: admission rewrites the image of the pods, to another release' };
    await recordCase(met, result, deployment);
  });
});

describe('a CA whose key is not available', () => {
  const names = 'nats.example.com';
  let deployment: TestDeployment;
  let base: Inputs;
  let next: Inputs;

  beforeAll(async () => {
    deployment = await makeDeployment('keyless');
    next = given(await makeAuthority({ commonName: 'next' }));
    base = { replicas: '2' };
    await deployment.requireRun({ ...base, ...given(await makeAuthority({ commonName: 'old' })) });
    const rotated = await deployment.requireRun({ command: 'rotate', 'rotate-targets': 'ca', ...next });
    expect(rotated.outputs).toMatchObject({ result: 'rotating', 'rotation-phase': 'trust-both' });
  });

  afterAll(async () => {
    await deployment.remove();
  });

  const given = ({ certificatePem, privateKeyPem }: { certificatePem: string; privateKeyPem: string }): Inputs => {
    return { 'ca-certificate': certificatePem, 'ca-private-key': privateKeyPem };
  };

  test.each(['plan', 'deploy'])(
    'refuses %s of a name and of a server that the certificate does not contain',
    async (command) => {
      for (const asked of [{ 'subject-alt-names': names }, { replicas: '3' }]) {
        const addition = 'replicas' in asked ? 'server' : 'name';
        const met = {
          slug: `a5-b-${addition}`,
          title: `A5: the key of the CA is missing, and a new ${addition} is requested`,
        };
        const [title, log] = await refuse(deployment, { ...base, command, ...asked }, met);
        expect(title).toBe('CHANGE_FORBIDDEN (CertificatePostponed)');
        expect(log).toContain('ca-overlap: 0s');
      }
      expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
    },
  );

  test('refuses `force`, and a new password without its rotation target', async () => {
    const leaves = { command: 'rotate', 'rotate-targets': 'certificates' };
    const forced = { slug: 'a5-b-force', title: 'A5: the key of the CA is missing, and new certificates are forced' };
    const [postponed] = await refuse(deployment, { ...leaves, force: 'true' }, forced);
    expect(postponed).toBe('CHANGE_FORBIDDEN (CertificatePostponed)');
    const met = { slug: 'a7-targets', title: 'A7: rotate gets a password without its rotation target' };
    const [title, log] = await refuse(deployment, { ...leaves, 'client-password': 'another-password-1' }, met);
    expect(title).toMatch(/^INPUT_INVALID/);
    expect(log).toContain('rotate-targets: certificates, credentials');
  });

  test('is replaced with `ca-overlap: 0s`, with a warning about the clients that are cut off', async () => {
    const result = await deployment.requireRun({ ...base, ...next, 'subject-alt-names': names, 'ca-overlap': '0s' });
    expect(result.stdout).toMatch(/::warning title=Short ca-overlap::.*ca\.crt/);
    const reach = reachServers(deployment.space);
    const served = await reach.presented('nats-0', 4222);
    await reach.close();
    expect(served.subjectAltName).toContain(names);
    expect((await deployment.requireRun({ command: 'verify' })).outputs).toMatchObject({ result: 'verified' });
  });
});

/**
 * Creates an admission policy that writes this image into the StatefulSets, or the pods, of the namespace. Returns a
 * function that removes the policy.
 */
async function rewriteImages(
  { space: { config, core, name } }: TestDeployment,
  image: string,
  resource: 'statefulsets' | 'pods' = 'statefulsets',
): Promise<() => Promise<void>> {
  const api = config.makeApiClient(AdmissionregistrationV1Api);
  const apiGroup = resource === 'pods' ? '' : 'apps';
  const path = resource === 'pods' ? '/spec/containers/0/image' : '/spec/template/spec/containers/0/image';
  const rule = { apiGroups: [apiGroup], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: [resource] };
  const expression = `[JSONPatch{op: "replace", path: "${path}", value: "${image}"}]`;
  await api.createMutatingAdmissionPolicy({
    body: {
      metadata: { name },
      spec: {
        reinvocationPolicy: 'Never',
        matchConstraints: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
          resourceRules: [rule],
        },
        mutations: [{ patchType: 'JSONPatch', jsonPatch: { expression } }],
      },
    },
  });
  await api.createMutatingAdmissionPolicyBinding({ body: { metadata: { name }, spec: { policyName: name } } });
  const container = { name: 'x', image: 'x' };
  const isRewritten = async (): Promise<boolean> => {
    if (resource === 'statefulsets') {
      const template = { metadata: { labels: { app: 'x' } }, spec: { containers: [container] } };
      const spec = { serviceName: 'x', selector: { matchLabels: { app: 'x' } }, template };
      const body = { metadata: { name: 'x' }, spec };
      const set = await config
        .makeApiClient(AppsV1Api)
        .createNamespacedStatefulSet({ namespace: name, body, dryRun: 'All' });
      return set.spec?.template.spec?.containers[0]?.image === image;
    }
    const restricted = {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    };
    const body = { metadata: { name: 'x' }, spec: { containers: [{ ...container, securityContext: restricted }] } };
    const pod = await core.createNamespacedPod({ namespace: name, body, dryRun: 'All' });
    return pod.spec?.containers[0]?.image === image;
  };
  await waitUntil('the policy', isRewritten);
  return async () => {
    const ignoreGone = (error: unknown): void => {
      if (!(error instanceof ApiException && error.code === 404)) throw error; // A test removed it already.
    };
    await api.deleteMutatingAdmissionPolicyBinding({ name }).then(() => {}, ignoreGone);
    await api.deleteMutatingAdmissionPolicy({ name }).then(() => {}, ignoreGone);
    await waitUntil('the policy gone', async () => !(await isRewritten()));
  };
}

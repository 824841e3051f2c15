import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { runWorkflow, type WorkflowEnd, type WorkflowRun } from '../../support/act.ts';
import { type KubectlShell, startKubectlShell } from '../../support/kubectl.ts';

const ACTION = 'OWNER/nats-cluster-action@v1';
const PASSWORD = 'a-password-of-the-reader';

/** Reads a workflow of .github/recipes, as docs/recipes shows it. */
async function recipe(name: string): Promise<string> {
  return await readFile(`.github/recipes/${name}.yml`, 'utf8');
}

const encoded = (text: string): string => Buffer.from(text).toString('base64');

/** Returns the event of a pull request of this branch. */
function pullRequest(action: 'opened' | 'synchronize' | 'closed', branch: string) {
  return {
    event: 'pull_request',
    payload: {
      action,
      number: 17,
      repository: { full_name: 'reader/orders' },
      pull_request: {
        number: 17,
        user: { login: 'reader' },
        head: { ref: branch, repo: { full_name: 'reader/orders' } },
      },
    },
  } as const;
}

describe('the recipes', () => {
  const config = new KubeConfig();
  let shell: KubectlShell;
  let folder = '';
  const kubeconfigs = new Map<string, string>();

  beforeAll(async () => {
    config.loadFromDefault();
    shell = await startKubectlShell();
    folder = await mkdtemp(join(tmpdir(), 'recipes-'));
    for (const namespace of ['messaging', 'previews']) {
      await shell.requireRun(`
        kubectl create namespace ${namespace}
        kubectl label namespace ${namespace} pod-security.kubernetes.io/enforce=restricted
        docs/deployer.sh ${namespace} ${folder}/${namespace} deploy delete nodes-and-namespaces delete-namespaces`);
      kubeconfigs.set(namespace, encoded(await readFile(join(folder, namespace), 'utf8')));
    }
  });

  afterAll(async () => {
    await shell.run(`
      for namespace in messaging previews; do
        kubectl delete clusterrolebinding "nats-cluster-action-$namespace" "nats-cluster-action-delete-$namespace"
        kubectl delete namespace "$namespace"
      done
      kubectl delete clusterrole nats-cluster-action nats-cluster-action-delete`);
    await shell.remove();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs a workflow with the secrets and variables of staging. */
  function staging(workflow: string, run: Partial<WorkflowRun> = {}): Promise<WorkflowEnd> {
    return runWorkflow({
      workflow,
      event: 'push',
      secrets: { KUBECONFIG: kubeconfigs.get('messaging') ?? '', NATS_CLIENT_PASSWORD: PASSWORD },
      variables: { STAGING_CLUSTER: config.getCurrentCluster()?.server ?? '' },
      ...run,
    });
  }

  test('rotation: fails in its first step without a NATS cluster, and only uploads the report', async () => {
    const ended = await staging(await recipe('rotation'), { event: 'schedule' });
    expectRed(ended, 'CHANGE_FORBIDDEN (NotDeployed)', ['messaging', 'command: deploy']);
    expect(ended.steps).toEqual([
      { step: ACTION, isGreen: false },
      { step: 'actions/upload-artifact@v7', isGreen: true },
    ]);
  });

  test('staging: succeeds, and succeeds again without a change', async () => {
    const workflow = await recipe('staging');
    const first = await staging(workflow);
    expectGreen(first, 2);
    expect(first.summaries[0]).toContain(
      'NATS cluster `nats` deployed, full mesh: 3 of 3 servers connected, 6 of 6 routes',
    );
    const second = await staging(workflow);
    expectGreen(second, 2);
    expect(second.summaries[0]).toContain('unchanged, and verified');
  });

  test('rotation: succeeds on schedule and on dispatch', async () => {
    const workflow = await recipe('rotation');
    for (const event of ['schedule', 'workflow_dispatch'] as const) {
      const ended = await staging(workflow, { event });
      expectGreen(ended, 2);
      expect(ended.log).toMatch(/something is due again at \d{4}-\d\d-\d\dT/);
    }
  });

  test('verify: succeeds, and notifies an external service', async () => {
    const secrets = {
      VERIFY_KUBECONFIG: kubeconfigs.get('messaging') ?? '',
      HEARTBEAT_URL: 'https://alive.example.com',
    };
    const programs = { curl: 'echo "called ${@: -1}"' };
    const ended = await staging(await recipe('verify'), { event: 'schedule', secrets, programs });
    expectGreen(ended, 2);
    expect(ended.summaries[0]).toContain('verified, full mesh: 3 of 3 servers connected, 6 of 6 routes');
    expect(ended.log).toMatch(/called /);
  });

  test('plan: comments the changes of a pull request, and changes nothing', async () => {
    const workflow = await recipe('plan');
    const programs = { gh: 'case "$*" in *POST*) echo "gh $*"; cat "${@: -1}" comment.md 2>/dev/null || true;; esac' };
    const same = await staging(workflow, { ...pullRequest('opened', 'orders'), programs });
    expectGreen(same, 2);
    expect(same.log).not.toContain('gh api');
    const other = workflow.replace('max-payload: 64KB', 'max-payload: 128KB');
    const ended = await staging(other, { ...pullRequest('synchronize', 'orders'), programs });
    expectGreen(ended, 2);
    expect(ended.log).toMatch(
      /gh api --silent --method POST repos\/.*\/issues\/17\/comments --field body=@comment\.md/,
    );
    expect(ended.log).toContain('max-payload: 64KB → 128KB');
  });

  test('previews: deploys for a branch of any name, keeps the preview while the pull request is open, and deletes it afterwards', async () => {
    const [preview, prune] = [await recipe('preview'), await recipe('prune')];
    const run = async (
      workflow: string,
      how: Pick<WorkflowRun, 'event'> & Partial<WorkflowRun>,
    ): Promise<WorkflowEnd> =>
      await runWorkflow({
        workflow,
        secrets: { PREVIEW_KUBECONFIG: kubeconfigs.get('previews') ?? '' },
        variables: { PREVIEW_CLUSTER: config.getCurrentCluster()?.server ?? '' },
        ...how,
      });
    const open = (...branches: readonly string[]) => ({
      event: 'schedule' as const,
      programs: { gh: `echo '${JSON.stringify(branches)}'` },
    });
    const servers = async (): Promise<string> =>
      await shell.requireRun('kubectl --namespace previews get statefulsets --output name');

    const deployed = await run(preview, pullRequest('opened', 'feature/Orders'));
    expectGreen(deployed, 2);
    expect(deployed.log).toMatch(/deployed as feature-orders-[0-9a-f]{8}, clients connect to tls:\/\/feature-orders-/);
    expectGreen(await run(preview, pullRequest('opened', 'other')), 2);
    expect((await servers()).trim().split('\n')).toHaveLength(2);

    expectGreen(await run(prune, open('feature/Orders', 'other')), 2);
    expect((await servers()).trim().split('\n')).toHaveLength(2);
    expectGreen(await run(prune, open('feature/Orders')), 2);
    expect(await servers()).toMatch(/^statefulset\.apps\/feature-orders-[0-9a-f]{8}\n$/);

    expectGreen(await run(preview, pullRequest('closed', 'feature/Orders')), 1);
    expect(await servers()).not.toContain('statefulset');
  });

  describe('fail', () => {
    test.each<[string, Partial<WorkflowRun> & { readonly change?: readonly [string, string] }, string, string[]]>([
      [
        'a missing secret of the repository',
        { secrets: { NATS_CLIENT_PASSWORD: PASSWORD } },
        'INPUT_INVALID',
        ['kubeconfig: ${{ secrets.KUBECONFIG }}'],
      ],
      [
        'another cluster',
        { variables: { STAGING_CLUSTER: 'https://production.example.com:6443' } },
        'CLUSTER_MISMATCH',
        ['https://production.example.com:6443'],
      ],
      [
        'a misspelt input',
        { change: ['replicas: 3', 'replica: 3'] },
        'INPUT_INVALID',
        ['replica: unknown input; did you mean `replicas`?'],
      ],
      [
        'an image that does not exist',
        { change: ['replicas: 3', 'replicas: 3\n          image: nats:2.99.99-none'] },
        'ROLLOUT_STALLED', // the reason depends on the registry
        ['nats:2.99.99-none'],
      ],
      [
        'a value that needs `allow`',
        { change: ['replicas: 3', 'replicas: 3\n          client-verify: verify'] },
        'CHANGE_FORBIDDEN (CutsOffClients)',
        ['client-verify', 'allow: outage'],
      ],
    ])('in the step of the action because of %s, and upload its report', async (_, how, title, tells) => {
      const { change: [from, to] = ['', ''], ...run } = how;
      const text = await recipe('staging');
      const ended = await staging(text.replace(from, to), run);
      expectRed(ended, title, tells);
      expect(ended.steps).toEqual([
        { step: ACTION, isGreen: false },
        { step: 'actions/upload-artifact@v7', isGreen: true },
      ]);
      expect(ended.log).toMatch(/uploads as nats-report: .*report\.json/);
    });

    test('because of a missing permission, with the Role that grants it in the annotation', async () => {
      await shell.requireRun('kubectl --namespace messaging delete rolebinding nats-cluster-action');
      expectRed(await staging(await recipe('staging')), 'FORBIDDEN (Rbac)', ['kind: Role', 'statefulsets']);
    });
  });
});

function expectGreen({ exitCode, steps, annotations, log }: WorkflowEnd, count: number): void {
  expect({ exitCode, annotations, steps: steps.map(({ isGreen }) => isGreen) }).toEqual({
    exitCode: 0,
    annotations: [],
    steps: Array.from({ length: count }, () => true),
  });
  expect(log).not.toContain(PASSWORD);
}

/** Expects one annotation, by the step of the action, with the same title as the summary. */
function expectRed(
  { exitCode, annotations, summaries, log }: WorkflowEnd,
  title: string,
  tells: readonly string[],
): void {
  expect(annotations.map(({ step }) => step)).toEqual([ACTION]);
  expect(annotations[0]?.title.slice(0, title.length)).toBe(title);
  expect(exitCode).not.toBe(0);
  expect(tells.filter((words) => !annotations[0]?.text.includes(words))).toEqual([]);
  expect(summaries).toHaveLength(1);
  expect(summaries[0]?.split('\n')[0]).toContain(title);
  expect(log).not.toContain(PASSWORD);
}

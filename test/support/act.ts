import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { provideGoProgram } from '../cluster/build.ts';
import { requireCommand } from '../cluster/command.ts';
import { printProgress } from '../cluster/progress.ts';

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));
const ACT_VERSION = '0.2.89';

export type WorkflowRun = {
  /** The text of the workflow. */
  readonly workflow: string;
  readonly event: 'push' | 'schedule' | 'pull_request' | 'workflow_dispatch';
  /** The content of `github.event`. */
  readonly payload?: object;
  readonly secrets: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * Scripts of bash that replace programs, by program name: for example programs that would send requests to GitHub.
   */
  readonly programs?: Readonly<Record<string, string>>;
  /** True if the workflow is part of this repository, so that `uses: ./` runs this action. */
  readonly isOwn?: boolean;
};

export type StepEnd = {
  /** The step as the workflow names it: by its `name`, or by the action or command that it runs. */
  readonly step: string;
  readonly isGreen: boolean;
};

export type WorkflowEnd = {
  readonly exitCode: number;
  /** The steps in the order in which they ended, without skipped steps. */
  readonly steps: readonly StepEnd[];
  readonly annotations: readonly { readonly step: string; readonly title: string; readonly text: string }[];
  readonly summaries: readonly string[];
  /** The output of the steps, and act's messages about them. */
  readonly log: string;
};

/**
 * Runs one workflow by act, on this machine. Each use of `OWNER/nats-cluster-action@v1` runs this action from its
 * folder. A step that lists the files replaces upload-artifact, and a step that writes the kubeconfig of KUBECONFIG
 * replaces kind-action. act downloads nothing.
 */
export async function runWorkflow(run: WorkflowRun): Promise<WorkflowEnd> {
  const { signal } = new AbortController();
  const act = await provideGoProgram('github.com/nektos/act', ACT_VERSION, printProgress, signal);
  const folder = await mkdtemp(join(tmpdir(), 'workflow-run-'));
  try {
    const replaced = await findReplacedActions(folder);
    await writeRepository(join(folder, 'repository'), run);
    await writeFile(join(folder, 'secrets'), lines(run.secrets), { mode: 0o600 });
    await writeFile(join(folder, 'variables'), lines(run.variables ?? {}));
    await writeFile(join(folder, 'event.json'), JSON.stringify(run.payload ?? {}));
    await mkdir(join(folder, 'home'));
    await mkdir(join(folder, 'programs'));
    for (const [name, script] of Object.entries(run.programs ?? {})) {
      await writeFile(join(folder, 'programs', name), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
    }
    const files = ['--secret-file', join(folder, 'secrets'), '--var-file', join(folder, 'variables')];
    const argv = [run.event, '--json', '--eventpath', join(folder, 'event.json'), ...files, ...OFFLINE, ...replaced];
    return await execute(act, argv, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Steps run on this machine, as on a self-hosted runner. */
const OFFLINE = [
  '--env',
  'GITHUB_REPOSITORY=reader/orders',
  '-P',
  'ubuntu-24.04=-self-hosted',
  '--action-offline-mode',
  '--pull=false',
  '--no-cache-server',
];

async function findReplacedActions(folder: string): Promise<readonly string[]> {
  const [own, upload, kind] = [join(folder, 'action'), join(folder, 'upload'), join(folder, 'kind')];
  await copyAction(own);
  await mkdir(upload);
  await writeFile(join(upload, 'action.yml'), UPLOAD);
  await mkdir(kind);
  await writeFile(join(kind, 'action.yml'), kindAction(process.env.KUBECONFIG ?? ''));
  const replacements = {
    'OWNER/nats-cluster-action@v1': own,
    'actions/upload-artifact@v7': upload,
    'actions/upload-artifact@043fb46d1a93c77aae656e7c1c64a875d1fc6a0a': upload,
    'helm/kind-action@ef37e7f390d99f746eb8b610417061a60e82a6cc': kind,
  };
  return Object.entries(replacements).flatMap(([name, path]) => ['--local-repository', `${name}=${path}`]);
}

async function copyAction(folder: string): Promise<void> {
  await cp(join(REPOSITORY, 'action.yml'), join(folder, 'action.yml'));
  await cp(join(REPOSITORY, 'dist'), join(folder, 'dist'), { recursive: true });
}

const UPLOAD = `inputs: { name: {}, path: {} }
runs:
  using: composite
  steps:
    - shell: bash
      env: { NAME: "\${{ inputs.name }}", FOLDER: "\${{ inputs.path }}" }
      run: 'echo "uploads as $NAME:" $(ls "$FOLDER")'
`;

/** Returns an action that writes a kubeconfig to the path that kind uses. */
function kindAction(kubeconfig: string): string {
  return `runs:
  using: composite
  steps:
    - shell: bash
      run: install -D --mode 600 '${kubeconfig}' ~/.kube/config
`;
}

async function writeRepository(root: string, { workflow, isOwn = false }: WorkflowRun): Promise<void> {
  if (isOwn) await copyAction(root);
  await mkdir(join(root, '.github/workflows'), { recursive: true });
  await writeFile(join(root, '.github/workflows/workflow.yml'), workflow);
  const author = ['-c', 'user.name=reader', '-c', 'user.email=reader@example.com'];
  for (const argv of [
    ['init', '--initial-branch=main'],
    ['add', '.'],
    [...author, 'commit', '--message=Workflow'],
  ]) {
    await requireCommand('git', argv, { cwd: root });
  }
}

/** Formats one value per line, as in .env files. The values must not contain line breaks. */
function lines(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

async function execute(act: string, argv: readonly string[], folder: string): Promise<WorkflowEnd> {
  const cwd = join(folder, 'repository');
  const path = `${join(folder, 'programs')}:${process.env.PATH ?? ''}`;
  const env = { PATH: path, HOME: join(folder, 'home'), DOCKER_HOST: 'unix:///nonexistent' };
  const output = await new Promise<{ exitCode: number; text: string }>((resolve, reject) => {
    const child = spawn(act, argv, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, text: Buffer.concat(chunks).toString('utf8') }));
  });
  return { exitCode: output.exitCode, ...readLog(output.text) };
}

/** A line of act's log: only the fields that the tests read. */
type Entry = Readonly<Record<string, unknown>>;

function readLog(text: string): Omit<WorkflowEnd, 'exitCode'> {
  const entries = text.split('\n').map(entryOf);
  const word = (entry: Entry, field: string): string => String(entry[field] ?? '');
  // The steps of a composite action have longer ids.
  const isOfJob = ({ stage, stepID }: Entry): boolean =>
    stage === 'Main' && Array.isArray(stepID) && stepID.length === 1;
  return {
    steps: entries
      .filter((entry) => isOfJob(entry) && 'stepResult' in entry)
      .map((entry) => ({ step: word(entry, 'step'), isGreen: entry['stepResult'] === 'success' })),
    annotations: entries
      .filter(({ command }) => command === 'error')
      .map((entry) => ({
        step: word(entry, 'step'),
        title: word(recordOf(entry['kvPairs']), 'title'),
        text: word(entry, 'arg'),
      })),
    summaries: entries.filter(({ command }) => command === 'summary').map((entry) => word(entry, 'content')),
    log: entries.map((entry) => word(entry, 'msg').trimEnd()).join('\n'),
  };
}

function entryOf(line: string): Entry {
  try {
    return recordOf(JSON.parse(line));
  } catch {
    return { msg: line }; // act prints this line outside of its log.
  }
}

function recordOf(value: unknown): Entry {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

import './node-version.js';
import { spawn } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { defaultKubeconfig } from '../test/cluster/kubeconfig.ts';
import { type ActionResult, runAction } from '../test/support/action.ts';
import { connectDemo, type DemoObserver } from './demo-observer.ts';
import { createRunnerLog } from './runner-log.ts';

const CLUSTER = 'demo';
const NAMESPACE = 'nats-demo';
const NODES = 5;

/** The inputs that correspond to the pires/kubernetes-nats-cluster example. */
const SETTINGS = {
  namespace: NAMESPACE,
  'create-namespace': 'true',
  'anti-affinity': 'required',
  'client-user': 'nats_client_user',
  'route-user': 'nats_route_user',
  debug: 'false',
  trace: 'true',
  logtime: 'true',
  'max-connections': '100',
  'max-control-line': '512',
  'max-payload': '65536',
  'write-deadline': '2s',
} as const;

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => interrupted.abort(signal));

try {
  await demo();
} catch (error) {
  say(`demo: ${Error.isError(error) ? error.message : String(error)}`);
  process.exitCode = interrupted.signal.aborted ? 130 : 1;
}

/** Deploys three servers into an empty namespace, then five. If the five already run, the action changes nothing. */
async function demo(): Promise<void> {
  const { values } = parseArgs({ options: { kubeconfig: { type: 'string' } } });
  heading(`a Kubernetes with ${NODES} nodes`);
  const kubeconfig = await startCluster(values.kubeconfig);
  const observer = connectDemo(kubeconfig, NAMESPACE);
  const isWhole = (await observer.replicas()) === 5;
  const three = isWhole ? await observer.podUids() : await deployThree(observer, kubeconfig);
  await deployFive(observer, kubeconfig, three);
  say(howToStop(kubeconfig));
}

async function deployThree(observer: DemoObserver, kubeconfig: string): Promise<ReadonlyMap<string, string>> {
  heading('three servers');
  await deploy(kubeconfig, 3);
  const uids = await observer.podUids();
  requireThat(uids.size === 3, `the API shows the pods ${[...uids.keys()].join(', ')}, expected three`);
  say(`checked: 3 × 3 mesh, pods ${[...uids.keys()].join(', ')}`);
  say(howToConnect(kubeconfig));
  say(howToStop(kubeconfig));
  return uids;
}

/** Deploys five servers. `before` has the UIDs of the pods that must stay. */
async function deployFive(
  observer: DemoObserver,
  kubeconfig: string,
  before: ReadonlyMap<string, string>,
): Promise<void> {
  heading(before.size === 5 ? 'five servers are there: a second run changes nothing' : 'five servers');
  const { outputs } = await deploy(kubeconfig, 5);
  const uids = await observer.podUids();
  requireThat(uids.size === 5, `the API shows the pods ${[...uids.keys()].join(', ')}, expected five`);
  const replaced = [...before].filter(([pod, uid]) => uids.get(pod) !== uid).map(([pod]) => pod);
  requireThat(replaced.length === 0, `${replaced.join(', ')} should have gone on running, but have new UIDs`);
  say(`checked: 5 × 5 mesh, UIDs of ${[...before.keys()].join(', ')} unchanged; result: ${outputs['result']}`);
  say(howToConnect(kubeconfig));
}

/** Deploys and prints the log as it arrives, with the mesh table and the connection instructions at its end. */
async function deploy(kubeconfig: string, replicas: number): Promise<ActionResult> {
  const result = await runAction({
    inputs: { ...SETTINGS, replicas: String(replicas) },
    env: { KUBECONFIG: kubeconfig },
    onLine: createRunnerLog(say).write,
    signal: interrupted.signal,
  });
  requireThat(result.exitCode === 0, `the action ended with ${result.exitCode}; its error is above`);
  requireThat(isComplete(result.outputs['routes'] ?? '', replicas), `the output routes is no full mesh of ${replicas}`);
  return result;
}

/** Checks that every server of the matrix holds connections to every other server. */
function isComplete(routes: string, replicas: number): boolean {
  const rows = valuesOf(JSON.parse(routes)).map(valuesOf);
  return (
    rows.length === replicas && rows.every((row) => row.length === replicas - 1 && row.every((n) => Number(n) > 0))
  );
}

function valuesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : [];
}

/** Starts a cluster and prints its progress. Returns the path of the kubeconfig. */
async function startCluster(given: string | undefined): Promise<string> {
  const argv = ['test/cluster/main.ts', 'start', '--name', CLUSTER, '--nodes', String(NODES)];
  const existing = given === undefined ? [] : ['--kubeconfig', given];
  const child = spawn(process.execPath, [...argv, ...existing], { stdio: ['inherit', 'pipe', 'inherit'] });
  // The terminal itself sends SIGINT to the child. A second SIGINT would stop the clean-up of the child, so this always
  // sends SIGTERM.
  const stop = (): boolean => child.kill('SIGTERM');
  interrupted.signal.addEventListener('abort', stop, { once: true });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? 1));
  });
  const [first, exitCode] = await Promise.all([lines.next(), ended]);
  interrupted.signal.removeEventListener('abort', stop);
  if (exitCode === 0 && first.done !== true) return first.value;
  throw new Error('the Kubernetes cluster did not start; see the messages above');
}

function isEmbedded(kubeconfig: string): boolean {
  return kubeconfig === defaultKubeconfig(CLUSTER);
}

function howToConnect(kubeconfig: string): string {
  return `connect: as the last lines of the log say, after export KUBECONFIG=${kubeconfig}`;
}

function howToStop(kubeconfig: string): string {
  return isEmbedded(kubeconfig)
    ? `stop:    npm run cluster -- stop --name ${CLUSTER}`
    : `stop:    kubectl --kubeconfig ${kubeconfig} delete namespace ${NAMESPACE}`;
}

function requireThat(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

function heading(text: string): void {
  say(`\n=== ${text}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

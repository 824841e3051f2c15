import { setTimeout as delay } from 'node:timers/promises';
import { makeDeployment, type TestDeployment } from '../support/deployment.ts';
import { eventually } from '../support/eventually.ts';
import { errorTitle, readPodUids } from '../support/live-cluster.ts';
import { startPodTimeline, unsafeEnds } from '../support/pod-timeline.ts';
import { findLostMessages, openStreamClient, type StreamClient, startStreamLoad } from '../support/stream-client.ts';
import { describeEvictions, type EvictionCase, type Taken } from './eviction-case.ts';
import { awaitSettled } from './observer.ts';
import { evictPod } from './strike.ts';

export type EvictionOutcome = {
  readonly description: string;
  readonly problems: readonly string[];
  readonly log: readonly string[];
};

const TIMEOUT = '6m';
const SETTLE_MS = 5000;
const HEAL_MS = 90_000;
const EVICT_AGAIN_MS = 200;
const STORED = 30;

/** Plays one case to its end and leaves nothing in the cluster. */
export async function playEvictions(kubeconfig: string, drawn: EvictionCase): Promise<EvictionOutcome> {
  const deployment = await makeDeployment(`evict-${drawn.seed}`, kubeconfig);
  try {
    await deployment.requireRun(drawn.start);
    const hasStream = drawn.start['jetstream'] !== undefined;
    const stored = hasStream ? await storeMessages(deployment) : new Map<number, string>();
    return await play(deployment, drawn, stored);
  } finally {
    await deployment.remove();
  }
}

async function play(
  deployment: TestDeployment,
  drawn: EvictionCase,
  stored: ReadonlyMap<number, string>,
): Promise<EvictionOutcome> {
  const { space } = deployment;
  const before = Object.values(await readPodUids(space));
  const timeline = await startPodTimeline(space);
  const struck = new Set<string>();
  const over = new AbortController();
  const began = performance.now();
  const log: string[] = [];
  const note = (line: string): void => {
    log.push(`${Math.round(performance.now() - began)} ${line}`);
  };
  const [{ afterMs: first } = { afterMs: 0 }] = drawn.taken;
  const leadMs = Math.max(0, -first);
  const taking = evictAll(deployment, drawn.taken, { struck, leadMs, over: over.signal, note });
  await delay(leadMs);
  const onLine = (line: string): void => {
    if (!line.startsWith('::add-mask::')) note(line);
  };
  const result = await deployment.run({ ...drawn.target, timeout: TIMEOUT }, { onLine });
  over.abort();
  await taking;
  const servers = Array.from({ length: Number(drawn.start['replicas']) }, (_, ordinal) => `nats-${ordinal}`);
  const together = unsafeEnds(timeline.moments(), { servers, struck });
  timeline.stop();
  const version = (drawn.target['image'] ?? '').slice('nats:'.length);
  const whole = await awaitSettled(
    space,
    { name: 'nats', servers: servers.length, version },
    struck.size === 0 ? SETTLE_MS : HEAL_MS,
  );
  const after = Object.values(await readPodUids(space));
  const isRespectful = drawn.taken.every(({ how }) => how === 'evicted');
  const lost = isRespectful && stored.size > 0 && whole.whole ? await lostOf(deployment, stored) : [];
  const problems = [
    ...(result.exitCode === 0 ? [] : [`red: ${errorTitle(result)}`]),
    ...together,
    ...(whole.whole ? [] : [`not whole: ${whole.why.slice(0, 5).join('; ')}`]),
    ...(after.some((uid) => before.includes(uid)) ? ['a server was not replaced'] : []),
    ...(lost.length === 0 ? [] : [`${lost.length} of ${stored.size} messages are lost`]),
  ];
  return { description: describeEvictions(drawn), problems, log: problems.length === 0 ? [] : log };
}

type Taking = {
  readonly struck: Set<string>;
  readonly leadMs: number;
  readonly over: AbortSignal;
  readonly note: (line: string) => void;
};

/** Removes the pods one after the other. Pods whose turn comes after the end of the run stay. */
async function evictAll(deployment: TestDeployment, taken: readonly Taken[], terms: Taking): Promise<void> {
  const { leadMs, over, note } = terms;
  const began = performance.now();
  for (const one of taken) {
    const waitMs = one.afterMs + leadMs - (performance.now() - began);
    if (waitMs > 0) await delay(waitMs, undefined, { signal: over }).catch(() => {}); // The run has ended.
    let name: string | undefined;
    while (!over.aborted && name === undefined) {
      name = await evictOne(deployment, one, terms.struck);
      if (name === undefined) await delay(EVICT_AGAIN_MS);
    }
    if (name !== undefined) note(`*** ${one.how}: ${name}`);
  }
}

async function evictOne(
  { space }: TestDeployment,
  { pick, how }: Taken,
  struck: Set<string>,
): Promise<string | undefined> {
  if (how === 'evicted') return await evictPod(space, pick, struck);
  const { core, name: namespace } = space;
  const { items } = await core.listNamespacedPod({ namespace });
  const { name, uid = '' } = items[Math.floor(pick * items.length)]?.metadata ?? {};
  if (name === undefined) return undefined;
  struck.add(uid);
  const grace = how === 'crashed' ? { gracePeriodSeconds: 0 } : {};
  await core.deleteNamespacedPod({ name, namespace, ...grace, body: { preconditions: { uid } } }).catch(() => {}); // Gone.
  return name;
}

async function storeMessages({ space }: TestDeployment): Promise<ReadonlyMap<number, string>> {
  return await withClient({ space }, async (client) => {
    const stream = { name: 'ORDERS', subjects: ['ORDERS.>'], num_replicas: 3, storage: 'memory' };
    await eventually('a stream', 60, async () =>
      'error' in (await client.ask('STREAM.CREATE.ORDERS', stream)) ? undefined : true,
    );
    const load = startStreamLoad(client, 'ORDERS.new');
    await eventually('messages', 60, async () => load.acknowledged.size >= STORED || undefined);
    await load.stop();
    return load.acknowledged;
  });
}

async function lostOf({ space }: TestDeployment, stored: ReadonlyMap<number, string>): Promise<readonly number[]> {
  return await withClient({ space }, async (client) => await findLostMessages(client, 'ORDERS', stored));
}

async function withClient<Result>(
  { space }: Pick<TestDeployment, 'space'>,
  work: (client: StreamClient) => Promise<Result>,
): Promise<Result> {
  const client = await openStreamClient(space, 'nats-0');
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './eventually.ts';
import { LoadClient } from './load-client.ts';
import type { LoadTarget } from './load-session.ts';

export type { LoadTarget } from './load-session.ts';

export type LoadOptions = {
  readonly publisher: LoadTarget;
  readonly subscribers: readonly LoadTarget[];
  readonly subject: string;
  readonly ratePerSecond: number;
};

export type SubscriberReport = {
  /** The number of distinct messages. */
  readonly received: number;
  readonly duplicates: number;
  readonly lost: number;
  /** The numbers of the first lost messages. */
  readonly missing: readonly number[];
  readonly disconnects: number;
};

export type LoadReport = {
  readonly sent: number;
  /** The time from the first message to the last. */
  readonly elapsedMs: number;
  readonly perSecond: number;
  readonly publisher: { readonly disconnects: number };
  readonly subscribers: readonly SubscriberReport[];
};

export type Load = {
  /** Returns the number of messages published so far. */
  readonly sent: () => number;
  /** Stops publishing, waits for late messages, and closes all connections. A second call gives the same report. */
  readonly stop: () => Promise<LoadReport>;
};

type Receiver = { readonly client: LoadClient; readonly counts: Map<string, number> };

const START_SECONDS = 60;
const STRAGGLERS_MS = 5000;
const TICK_MS = 10;
const WARM_UP = 'warm-up';
const NAMED_LOSSES = 20;

/**
 * Publishes the numbers from 1 on at a steady rate and counts the messages of each subscriber. Resolves with the
 * running load when every subscriber has received a message from the publisher.
 */
export async function startLoad(terms: LoadOptions): Promise<Load> {
  const publisher = new LoadClient(terms.publisher);
  const receivers = terms.subscribers.map((target) => receiver(target, terms.subject));
  const close = async () => {
    await Promise.all(
      [publisher, ...receivers.map(({ client }) => client)].map(async (client) => await client.close()),
    );
  };
  try {
    await warmUp(publisher, receivers, terms.subject);
  } catch (error) {
    const failures = [publisher, ...receivers.map(({ client }) => client)].map(({ failure }) => failure);
    await close();
    throw new Error(`the load did not start: ${failures.join('; ')}`, { cause: error });
  }
  const publishing = publishSteadily(publisher, terms);
  let report: Promise<LoadReport> | undefined;
  const stop = async (): Promise<LoadReport> => {
    const { sent, elapsedMs } = publishing.end();
    await Promise.race([publisher.flush(), sleep(STRAGGLERS_MS)]);
    await stragglers(receivers, sent);
    const subscribers = receivers.map((each) => subscriberReport(each, sent));
    const { disconnects } = publisher;
    await close();
    return { sent, elapsedMs, perSecond: (sent * 1000) / elapsedMs, publisher: { disconnects }, subscribers };
  };
  return {
    sent: publishing.sent,
    stop: async () => {
      report ??= stop();
      return await report;
    },
  };
}

function receiver(target: LoadTarget, subject: string): Receiver {
  const counts = new Map<string, number>();
  const onMessage = (body: string) => void counts.set(body, (counts.get(body) ?? 0) + 1);
  return { client: new LoadClient(target, { subject, onMessage }), counts };
}

/**
 * Waits until each subscriber receives messages, because interest in a subject reaches the publisher's server some time
 * after the subscriber's server has it.
 */
async function warmUp(publisher: LoadClient, receivers: readonly Receiver[], subject: string): Promise<void> {
  await eventually('a message on every subscriber', START_SECONDS, async () => {
    if (publisher.isConnected) {
      publisher.publish(subject, WARM_UP);
    }
    return receivers.every(({ counts }) => counts.has(WARM_UP)) || undefined;
  });
}

function publishSteadily(publisher: LoadClient, { subject, ratePerSecond }: LoadOptions) {
  const startMs = performance.now();
  let sent = 0;
  const publishDue = () => {
    const due = Math.floor(((performance.now() - startMs) * ratePerSecond) / 1000);
    while (sent < due) {
      sent += 1;
      publisher.publish(subject, String(sent));
    }
  };
  const timer = setInterval(publishDue, TICK_MS);
  return {
    sent: () => sent,
    end: () => {
      clearInterval(timer);
      publishDue();
      return { sent, elapsedMs: performance.now() - startMs };
    },
  };
}

async function stragglers(receivers: readonly Receiver[], sent: number): Promise<void> {
  const endMs = performance.now() + STRAGGLERS_MS;
  while (performance.now() < endMs && receivers.some((each) => distinct(each) < sent)) {
    await sleep(TICK_MS);
  }
}

function distinct({ counts }: Receiver): number {
  return counts.size - (counts.has(WARM_UP) ? 1 : 0);
}

function subscriberReport(each: Receiver, sent: number): SubscriberReport {
  const numbers = Array.from({ length: sent }, (_, index) => index + 1);
  const missing = numbers.filter((number) => !each.counts.has(String(number)));
  const total = numbers.reduce((sum, number) => sum + (each.counts.get(String(number)) ?? 0), 0);
  const received = sent - missing.length;
  return {
    received,
    duplicates: total - received,
    lost: missing.length,
    missing: missing.slice(0, NAMED_LOSSES),
    disconnects: each.client.disconnects,
  };
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { makeDeployment, type TestDeployment } from '../support/deployment.ts';
import { makeTestStorage, type TestStorage } from '../support/storage.ts';
import { openStreamClient, type StreamClient } from '../support/stream-client.ts';
import { holdLaws, type Inputs } from './hold-laws.ts';
import type { Base } from './rows.ts';

const MESSAGES = 20;

/** The time limit of a row. It is long, because a row that exceeds it would continue in parallel with the next row. */
const ROW_MS = 15 * 60_000;

/**
 * Requires the four laws for every change of one base. Each base has a test file of its own, because jest runs files in
 * parallel.
 */
export function describeLaws({ title, inputs, hasStreams, rows, prepare }: Base): void {
  describe(`the NATS cluster (${title})`, () => {
    let deployment: TestDeployment;
    let storage: TestStorage | undefined;
    let a: Inputs;

    beforeAll(async () => {
      deployment = await makeDeployment('laws');
      await prepare(deployment.space);
      storage = hasStreams ? await makeTestStorage(deployment.space) : undefined;
      a = storage === undefined ? inputs : { ...inputs, ...withStreams(storage) };
      await deployment.requireRun(a);
      if (hasStreams) await withClient(fill);
    });

    afterAll(async () => {
      await storage?.remove();
      await deployment.remove();
    });

    test.each(rows)(
      'is verified, idempotent, restartable and reversible after a change of $title',
      async ({ inputs: change }) => {
        const b = { ...a, ...change };
        if ((await holdLaws(deployment, a, b)) === 'kept') a = b;
        // Streams are current, and every message is still there.
        if (hasStreams) expect(await withClient(count)).toBe(MESSAGES);
      },
      ROW_MS,
    );

    /**
     * Runs `use` with a client that reads its user from the client Secret, because the user has another name while a
     * rotation waits.
     */
    async function withClient<Answer>(use: (client: StreamClient) => Promise<Answer>): Promise<Answer> {
      const client = await openStreamClient(deployment.space, 'nats-0');
      try {
        return await use(client);
      } finally {
        await client.close();
      }
    }

    async function fill(client: StreamClient): Promise<void> {
      const replicas = Math.min(Number(inputs.replicas), 3);
      const config = { name: 'KEEP', subjects: ['KEEP.>'], storage: 'file', num_replicas: replicas };
      expect(await client.ask('STREAM.CREATE.KEEP', config)).not.toHaveProperty('error');
      for (let sent = 0; sent < MESSAGES; sent++) await client.publish('KEEP.x', `message ${sent}`);
    }
  });
}

function withStreams({ className }: TestStorage): Inputs {
  return { jetstream: 'true', 'jetstream-storage': '100Mi', 'jetstream-storage-class': className };
}

async function count(client: StreamClient): Promise<unknown> {
  const { state } = await client.ask('STREAM.INFO.KEEP');
  return typeof state === 'object' && state !== null && 'messages' in state ? state.messages : undefined;
}

import { describe, expect, test } from '@jest/globals';
import { createPodDial } from '../../../../src/commands/pods/server-access.ts';
import { ActionError, isActionError } from '../../../../src/errors/action-error.ts';
import { patchedApi } from '../../support/reloads-mesh.ts';

const { signal } = new AbortController();

async function dialFailure(refusal: ActionError): Promise<unknown> {
  const api = {
    ...patchedApi(() => {}),
    portForward: async (): Promise<never> => {
      throw refusal;
    },
  };
  return await createPodDial(
    api,
    'messaging',
    'nats-2',
  )(4222, signal).then(
    () => undefined,
    (error: unknown) => error,
  );
}

const rejected = (reason: string) =>
  new ActionError('APPLY_REJECTED', 'pods "nats-2" not found', { reason, hint: '', details: { problems: [] } });

describe('a port-forward', () => {
  test('to a deleted pod fails like a refused connection', async () => {
    const gone = rejected('NotFound');
    const failure = await dialFailure(gone);
    expect(isActionError(failure)).toBe(false);
    expect(failure).toMatchObject({ message: gone.message, cause: gone });
  });

  test('that the API server rejects ends the run', async () => {
    const refusal = rejected('Invalid');
    expect(await dialFailure(refusal)).toBe(refusal);
  });
});

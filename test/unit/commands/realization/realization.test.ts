import { describe, expect, test } from '@jest/globals';
import { assessChange } from '../../../../src/commands/realization/realization.ts';

const DECISION = { createdNamespace: false, live: { verifiedRevision: 'abc.set-1' } };
const STATE = { changed: [], reloaded: [], configuration: { revision: 'abc' }, updateRevision: 'set-1' };

type Difference = {
  readonly decision?: Partial<typeof DECISION>;
  readonly live?: { readonly verifiedRevision: string | undefined };
  readonly state?: Partial<Parameters<typeof assessChange>[1]>;
  readonly removed?: readonly string[];
};

function assess({ decision = {}, live = DECISION.live, state = {}, removed = [] }: Difference) {
  return assessChange({ ...DECISION, ...decision, live }, { ...STATE, ...state }, removed);
}

describe('a run relies on the checks of an earlier run', () => {
  test('if it changed nothing and the earlier run verified this revision', () => {
    expect(assess({})).toEqual({ isChanged: false, isVerified: true, revision: 'abc.set-1' });
  });

  test.each<readonly [string, Difference]>([
    ['it created the namespace', { decision: { createdNamespace: true } }],
    ['it changed an object', { state: { changed: ['Secret/nats-config'] } }],
    ['it removed an object', { removed: ['Service/nats-2'] }],
    ['it reloaded a server', { state: { reloaded: ['nats-0'] } }],
  ])('unless %s', (_, difference) => {
    expect(assess(difference)).toMatchObject({ isChanged: true, isVerified: false });
  });

  test.each<readonly [string, Difference]>([
    ['no run verified the deployment', { live: { verifiedRevision: undefined } }],
    ['another configuration was verified', { state: { configuration: { revision: 'def' } } }],
    ['another pod template was verified', { state: { updateRevision: 'set-2' } }],
  ])('unless %s, even if it changed nothing', (_, difference) => {
    expect(assess(difference)).toMatchObject({ isChanged: false, isVerified: false });
  });
});

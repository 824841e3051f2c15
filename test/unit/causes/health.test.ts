import { describe, expect, test } from '@jest/globals';
import { findCauses } from '../../../src/causes/causes.ts';
import { explainServerExit } from '../../../src/causes/server-log.ts';
import { ailmentOf } from '../../../src/commands/reload/ailments.ts';
import { event, factsWith, inState, log } from '../support/facts.ts';

const refused = event({
  reason: 'Unhealthy',
  message: 'Startup probe failed: HTTP probe failed with statuscode: 503',
  count: 9,
});
const running = inState({ kind: 'running' });

const NO_CHANGE = { isNewState: false, isByJwt: false } as const;

/** Returns the cause for a server that reports this health. */
function causeOf(health: string, { count = 9, freshFrom = 0 } = {}) {
  const lines = [
    '[1] [INF] Server is ready',
    `[1] 2026/11/30 01:02:03 [WRN] Healthcheck failed: ${JSON.stringify(health)}`,
  ];
  const facts = factsWith([running], {
    replicas: 3,
    events: [{ ...refused, count }],
    logs: [log('nats-1', lines, { freshFrom })],
  });
  return findCauses(facts)[0];
}

describe('a readiness probe that fails with status 503', () => {
  // These are the texts of nats-server 2.10.29 to 2.15.2 (server/monitor.go, server/jetstream_cluster.go).
  test.each([
    ["JetStream stream '$G > X' could not be recovered", 'StreamNotRecovered', true, ['stream X', 'account $G']],
    [
      "JetStream stream '$G > KEEP' is not current: stream assignment error: JetStream not enabled for account (10039)",
      'AccountWithoutJetStream',
      true,
      ['Stream KEEP', '$G'],
    ],
    [
      "JetStream stream 'HR > S' is not current: stream assignment error: insufficient storage resources available (10047)",
      'StreamAssignmentFailed',
      true,
      ['stream S', 'account HR'],
    ],
    ["JetStream stream 'A > S' write error: no space left on device", 'JetStreamWriteFailed', true, ['space']],
    ['JetStream meta layer write error: disk quota exceeded', 'JetStreamWriteFailed', true, ['volume']],
    ['JetStream meta layer is not running', 'MetaLayerStopped', true, ['log']],
    ["JetStream account 'HR' could not be resolved", 'AccountUnresolved', true, ['account HR']],
    ['JetStream can not lookup account "HR": missing', 'AccountUnresolved', true, ['account HR']],
    ['JetStream has not established contact with a meta leader', 'NoMetaLeader', false, ['config']],
    ["JetStream stream '$G > S' is not current: stream catching up", 'CatchingUp', false, ['timeout']],
    ["JetStream consumer '$G > S > C' is not current: group node unhealthy", 'CatchingUp', false, ['timeout']],
    ['JetStream is still recovering meta layer', 'CatchingUp', false, ['timeout']],
    ['JetStream is not current with the meta leader', 'CatchingUp', false, ['timeout']],
    ['an unknown message', 'NotHealthy', false, ['the problem that the server names']],
  ])('is diagnosed from the text "%s": %s', (health, reason, fatal, hints) => {
    const cause = causeOf(health);
    expect(cause).toMatchObject({ reason, fatal, message: expect.stringContaining(health) });
    for (const hint of hints) expect(cause?.hint).toContain(hint);
  });

  test('is reported with the message of the server only after a few failures, because every start has some', () => {
    expect(causeOf("JetStream stream '$G > X' could not be recovered", { count: 3 })?.reason).toBe('ProbeFailed');
  });

  test('does not end the wait because of messages from before the last observation', () => {
    expect(causeOf("JetStream stream '$G > X' could not be recovered", { freshFrom: 2 })?.fatal).toBe(false);
  });

  test.each([
    "JetStream stream '$G > KEEP' is not current: stream assignment error: JetStream not enabled for account (10039)",
    'JetStream not enabled',
  ])('does not end the wait before a restart of the server, where a restart can help: %s', (health) => {
    const ailment = ailmentOf({ ailment: health }, NO_CHANGE);
    const busyMs = 5000; // A busy node or a slow tunnel.
    expect(ailment?.patienceMs).toBeLessThan((causeOf(health)?.patienceMs ?? 0) - busyMs);
  });

  test('does not lead to advice about a longer timeout unless the message says that waiting helps', () => {
    const facts = factsWith([running], { events: [refused] });
    expect(findCauses(facts)[0]?.hint).not.toContain('timeout');
    expect(findCauses(facts)[0]?.hint).toContain('kubectl logs nats-1');
  });
});

test('account limits beyond those of the server are not reported as a broken volume', () => {
  const line =
    "[1] [FTL] Can't start JetStream: Error enabling jetstream on configured accounts: insufficient memory resources available (10028)";
  expect(explainServerExit([line])).toMatchObject({
    reason: 'JetStreamLimits',
    hint: expect.stringContaining('jetstream-memory'),
  });
  expect(explainServerExit(["[1] [FTL] Can't start JetStream: could not create storage directory"])).toMatchObject({
    reason: 'JetStreamFailed',
  });
});

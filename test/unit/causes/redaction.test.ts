import { expect, test } from '@jest/globals';
import { redactFacts } from '../../../src/causes/facts.ts';
import { Redactor } from '../../../src/secrets/redactor.ts';
import { event, factsWith, inState, log, terminated } from '../support/facts.ts';

test('facts contain no secret, whichever field held it', () => {
  const canary = 'canary-0123456789';
  const key = `-----BEGIN PRIVATE KEY-----\n${'K'.repeat(64)}\n-----END PRIVATE KEY-----\n`;
  const facts = factsWith(
    [inState(terminated('Error', 1, `at ${canary}`), { lastState: terminated('Error', 1, canary) })],
    {
      events: [event({ reason: 'Failed', message: `x ${encodeURIComponent(canary)}` })],
      logs: [log('nats-1', ['a', ...key.trimEnd().split('\n'), canary, 'new'], { freshFrom: 5 })],
      unread: [canary],
    },
  );
  const redactor = new Redactor();
  [canary, key].forEach((secret) => redactor.add(secret));
  const redacted = redactFacts(facts, (text) => redactor.redact(text));
  expect(JSON.stringify(redacted)).not.toMatch(/canary|KKKK/);
  expect(redacted.logs).toMatchObject([{ lines: ['a', '***', '***', 'new'], freshFrom: 3 }]);
});

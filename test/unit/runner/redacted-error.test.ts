import { expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { redactError } from '../../../src/runner/redacted-error.ts';

const hide = (text: string): string => text.replaceAll('canary', '***');

test('an error has no secret in its message, hint, details, causes and stacks', () => {
  const root = new TypeError('at canary', { cause: 'canary' });
  const inner = new ActionError('INTERNAL', 'of canary', { hint: 'canary', details: {}, cause: root });
  const error = new ActionError('APPLY_REJECTED', 'refuses canary', {
    reason: 'Webhook',
    hint: 'ask canary',
    details: { problems: [{ object: 'Secret/canary', reason: 'r', message: 'says canary' }], evidence: ['canary'] },
    cause: inner,
  });
  const redacted = redactError(error, hide);
  expect(redacted).toBeInstanceOf(ActionError);
  expect(redacted).toMatchObject({
    code: 'APPLY_REJECTED',
    reason: 'Webhook',
    message: 'refuses ***',
    hint: 'ask ***',
  });
  expect(redacted.details).toEqual({
    problems: [{ object: 'Secret/***', reason: 'r', message: 'says ***' }],
    evidence: ['***'],
  });
  const causes: Error[] = [];
  for (let cause = redacted.cause; Error.isError(cause); cause = cause.cause) causes.push(cause);
  expect(causes.map(({ name, message }) => [name, message])).toEqual([
    ['ActionError', 'of ***'],
    ['TypeError', 'at ***'],
  ]);
  expect([redacted, ...causes].map(({ stack }) => stack).join('\n')).not.toContain('canary');
  expect(error.message).toBe('refuses canary');
});

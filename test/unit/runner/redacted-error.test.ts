import { expect, test } from '@jest/globals';
import { ActionError } from '../../../src/errors/action-error.ts';
import { changeTexts, redactError } from '../../../src/runner/redacted-error.ts';

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

test('an error without a reason and a cause gets none', () => {
  const redacted = redactError(new ActionError('INTERNAL', 'canary', { hint: 'h', details: {} }), hide);
  expect([redacted.reason, redacted.cause]).toEqual([undefined, undefined]);
});

test('an error without a stack gets none of its text', () => {
  const cause = new Error('of canary');
  Reflect.deleteProperty(cause, 'stack');
  const redacted = redactError(new ActionError('INTERNAL', 'm', { hint: 'h', details: {}, cause }), hide);
  expect(redacted.cause).toMatchObject({ message: 'of ***' });
});

test('data keep their shape, and only their texts change', () => {
  const date = new Date(0);
  const map = new Map([['canary', 'canary']]);
  const error = new ActionError('INTERNAL', 'canary', { hint: 'h', details: {} });
  const value = { list: ['canary', ['canary'], 1, null, undefined], inner: { text: 'canary' }, date, map, error };
  const changed = changeTexts(value, hide);
  expect(changed).toEqual({
    list: ['***', ['***'], 1, null, undefined],
    inner: { text: '***' },
    date,
    map,
    error: expect.objectContaining({ message: '***' }),
  });
  expect([changed.date, changed.map, Array.isArray(changed.list)]).toEqual([date, map, true]);
  expect(value.inner.text).toBe('canary');
});

test.each([null, undefined, 7, 'canary'])('%p itself is returned unchanged', (value) => {
  expect(changeTexts(value, hide)).toBe(value);
});

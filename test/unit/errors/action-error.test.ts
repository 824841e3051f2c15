import { describe, expect, test } from '@jest/globals';
import { ActionError, hasCode, isActionError, problemError } from '../../../src/errors/action-error.ts';

const locked = new ActionError('LOCKED', 'a message', { hint: 'a hint', details: { holder: 'run-1' } });

describe('an error of the action', () => {
  test('has the code, the hint and the details, and no reason unless it is given', () => {
    expect(locked).toMatchObject({ name: 'ActionError', code: 'LOCKED', message: 'a message', hint: 'a hint' });
    expect(locked.details).toEqual({ holder: 'run-1' });
    expect(locked.reason).toBeUndefined();
  });

  test('has a cause only if it is given, even a cause that is not an error', () => {
    const fields = { hint: '', details: { holder: 'a' } };
    expect(locked).not.toHaveProperty('cause');
    expect(new ActionError('LOCKED', '', { ...fields, cause: 'text' })).toHaveProperty('cause', 'text');
    expect(new ActionError('LOCKED', '', { ...fields, cause: null })).toHaveProperty('cause', null);
  });

  test('about one problem has this problem as its details', () => {
    const problem = { object: 'Pod/a', reason: 'Broken', message: 'a is broken' };
    const error = problemError('DRIFT', { ...problem, hint: 'repair a' });
    expect(error).toMatchObject({ code: 'DRIFT', reason: 'Broken', message: 'a is broken', hint: 'repair a' });
    expect(error.details).toEqual({ problems: [problem] });
  });
});

describe('a thrown value', () => {
  test.each<readonly [rule: string, value: unknown, isOwn: boolean, isLocked: boolean]>([
    ['an error with this code', locked, true, true],
    [
      'an error with another code',
      problemError('DRIFT', { object: '', reason: '', message: '', hint: '' }),
      true,
      false,
    ],
    ['an error of JavaScript', new Error('LOCKED'), false, false],
    ['a foreign error with the same code', Object.assign(new Error(''), { code: 'LOCKED' }), false, false],
    ['a plain object with the same code', { code: 'LOCKED' }, false, false],
    ['a text', 'LOCKED', false, false],
    ['undefined', undefined, false, false],
    ['null', null, false, false],
  ])('is recognized: %s', (_, value, isOwn, isLocked) => {
    expect([isActionError(value), hasCode(value, 'LOCKED')]).toEqual([isOwn, isLocked]);
  });
});

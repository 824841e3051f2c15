import { describe, expect, test } from '@jest/globals';
import { createStatusError } from '../../../src/kubernetes/http-error.ts';
import { Redactor } from '../../../src/secrets/redactor.ts';

const asked = {
  server: 'https://kube.example.com',
  method: 'PATCH',
  path: '/api/v1/namespaces/nats/services/nats',
  object: 'Service nats/nats',
  credentials: { kind: 'kubeconfig' },
} as const;

function status(message: string, fields: object = {}): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, ...fields };
}

describe('the error of a rejected object', () => {
  test.each<[string, number, unknown, string, string, object]>([
    [
      '409 in a terminating namespace',
      409,
      status('unable to create: because it is being terminated', {
        details: { causes: [{ reason: 'Other' }, { reason: 'NamespaceTerminating' }] },
      }),
      'APPLY_REJECTED',
      'NamespaceTerminating',
      {},
    ],
    [
      '403 in a terminating namespace that only the message names',
      403,
      status('unable to create: because it is being terminated'),
      'APPLY_REJECTED',
      'NamespaceTerminating',
      {},
    ],
    [
      '409 with another cause beside the field conflict',
      409,
      status('conflict', {
        details: {
          causes: [{ reason: 'Other' }, { reason: 'FieldManagerConflict', message: 'conflict with "x"', field: '.a' }],
        },
      }),
      'APPLY_CONFLICT',
      'FieldManagerConflict',
      { problems: [{ object: asked.object, reason: 'FieldManagerConflict', message: '.a: conflict with "x"' }] },
    ],
    [
      '422 without causes',
      422,
      status('it is invalid', { reason: 'Invalid' }),
      'APPLY_REJECTED',
      'Invalid',
      { problems: [{ object: asked.object, reason: 'Invalid', message: 'it is invalid' }] },
    ],
    [
      '422 with causes that lack a message, a field or a reason',
      422,
      status('it is invalid', {
        reason: 'Invalid',
        details: { causes: [{ reason: 'Empty', field: 'spec.a' }, { message: 'must be one' }] },
      }),
      'APPLY_REJECTED',
      'Invalid',
      { problems: [{ object: asked.object, reason: 'Invalid', message: 'must be one' }] },
    ],
    [
      '400 with causes, of which only the message counts',
      400,
      status('it is bad', { reason: 'BadRequest', details: { causes: [{ message: 'a cause', field: 'spec' }] } }),
      'APPLY_REJECTED',
      'BadRequest',
      { problems: [{ object: asked.object, reason: 'BadRequest', message: 'it is bad' }] },
    ],
    ['400 without a reason', 400, status('bad'), 'APPLY_REJECTED', 'Http400', {}],
  ])('has the problems of the answer: %s', (_name, code, body, expected, reason, details) => {
    const error = createStatusError(asked, { status: code, body });
    expect([error.code, error.reason]).toEqual([expected, reason]);
    expect(error.details).toMatchObject(details);
  });
});

test.each([
  ['/api/v1/namespaces/nats/secrets/nats', false],
  ['/api/v1/namespaces/nats/secrets', false],
  ['/api/v1/namespaces/nats/services/secrets-of-nats', true],
])('the answer to a request for %s is quoted: %p', (path, isQuoted) => {
  const message = `invalid data: ${Buffer.from('the password is hunter2, and more').toString('base64')}`;
  const body = status(message, { details: { causes: [{ reason: 'Invalid', message, field: 'data' }] } });
  const shown = new Redactor().redact(createStatusError({ ...asked, path }, { status: 422, body }).message);
  expect(shown.includes(message)).toBe(isQuoted);
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ActionError } from '../../../src/errors/action-error.ts';
import { createStatusError } from '../../../src/kubernetes/http-error.ts';
import { renderPermissionsHint } from '../../../src/manifests/role.ts';

const asked = {
  server: 'https://kube.example.com',
  method: 'PATCH',
  path: '/api/v1/namespaces/nats/secrets/nats',
  object: 'Secret nats/nats',
  credentials: { kind: 'kubeconfig' },
} as const;

function status(message: string, fields: object = {}): object {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, ...fields };
}

const rbac =
  'secrets "nats" is forbidden: User "ci" cannot patch resource "secrets" in API group "" in the namespace "nats"';

describe('a response of the API server', () => {
  test.each<[string, number, unknown, string, string | undefined, object]>([
    ['401', 401, status('Unauthorized'), 'UNAUTHENTICATED', 'InvalidCredentials', { server: asked.server }],
    [
      '403 by the authorizer',
      403,
      status(rbac),
      'FORBIDDEN',
      'Rbac',
      { missing: [{ verb: 'patch', group: '', resource: 'secrets', namespace: 'nats' }] },
    ],
    [
      '403 by the authorizer, cluster-wide',
      403,
      status('nodes is forbidden: User "ci" cannot list resource "nodes" in API group "" at the cluster scope'),
      'FORBIDDEN',
      'Rbac',
      { missing: [{ verb: 'list', group: '', resource: 'nodes', namespace: undefined }] },
    ],
    ['403 by a quota', 403, status('exceeded quota: q, requested: pods=1'), 'APPLY_REJECTED', 'ExceededQuota', {}],
    [
      '403 by PodSecurity',
      403,
      status('violates PodSecurity "restricted:latest"'),
      'APPLY_REJECTED',
      'PodSecurity',
      {},
    ],
    [
      '404 for a namespace',
      404,
      status('namespaces "nats" not found', { reason: 'NotFound', details: { name: 'nats', kind: 'namespaces' } }),
      'NAMESPACE_MISSING',
      undefined,
      { namespace: 'nats' },
    ],
    ['404 for another object', 404, status('x', { reason: 'NotFound' }), 'APPLY_REJECTED', 'NotFound', {}],
    [
      '409 because of another field manager',
      409,
      status('conflict', {
        reason: 'Conflict',
        details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "kubectl"', field: '.data.a' }] },
      }),
      'APPLY_CONFLICT',
      'FieldManagerConflict',
      {
        problems: [
          { object: asked.object, reason: 'FieldManagerConflict', message: '.data.a: conflict with "kubectl"' },
        ],
      },
    ],
    ['409 because of a precondition', 409, status('changed', { reason: 'Conflict' }), 'APPLY_CONFLICT', 'Conflict', {}],
    [
      '409 because of an existing name',
      409,
      status('there', { reason: 'AlreadyExists' }),
      'APPLY_CONFLICT',
      'AlreadyExists',
      {},
    ],
    [
      '403 in a terminating namespace',
      403,
      status('unable to create', { details: { causes: [{ reason: 'NamespaceTerminating' }] } }),
      'APPLY_REJECTED',
      'NamespaceTerminating',
      {},
    ],
    [
      '422 with several fields',
      422,
      status('invalid', {
        reason: 'Invalid',
        details: {
          causes: [
            { reason: 'FieldValueInvalid', message: 'must be positive', field: 'spec.replicas' },
            { reason: 'FieldValueRequired', message: 'is required', field: 'spec.serviceName' },
          ],
        },
      }),
      'APPLY_REJECTED',
      'Invalid',
      {
        problems: [
          { object: asked.object, reason: 'FieldValueInvalid', message: 'spec.replicas: must be positive' },
          { object: asked.object, reason: 'FieldValueRequired', message: 'spec.serviceName: is required' },
        ],
      },
    ],
    [
      '403 by the authorizer for a path',
      403,
      status('forbidden: User "ci" cannot get path "/metrics"'),
      'FORBIDDEN',
      'Rbac',
      { missing: [] },
    ],
    [
      '403 by the authorizer for an impersonated user',
      403,
      status('users "jane" is forbidden: User "ci" cannot impersonate'),
      'FORBIDDEN',
      'Rbac',
      { missing: [] },
    ],
    ['401 by a proxy', 401, '<html>login</html>', 'UNAUTHENTICATED', 'InvalidCredentials', { server: asked.server }],
    ['500 without a Status', 500, 'oops', 'CLUSTER_UNREACHABLE', 'Http500', {}],
    ['499 without a Status', 499, 'oops', 'CLUSTER_UNREACHABLE', 'NotKubernetes', {}],
    ['400', 400, status('bad', { reason: 'BadRequest' }), 'APPLY_REJECTED', 'BadRequest', {}],
    [
      '500 of server-side apply for an unknown field',
      500,
      status('failed to create typed patch object (nats/nats; /v1, Kind=Secret): .dota: field not declared in schema'),
      'APPLY_REJECTED',
      'Schema',
      {},
    ],
    ['500 because of a webhook', 500, status('failed calling webhook "w"'), 'APPLY_REJECTED', 'Webhook', {}],
    ['500', 500, status('etcdserver: no leader'), 'CLUSTER_UNREACHABLE', 'Http500', { server: asked.server }],
    ['503 without a Status', 503, 'upstream connect error', 'CLUSTER_UNREACHABLE', 'Http503', {}],
    ['429', 429, 'slow down', 'CLUSTER_UNREACHABLE', 'TooManyRequests', {}],
    ['a redirect', 302, '', 'CLUSTER_UNREACHABLE', 'NotKubernetes', {}],
    ['403 by a proxy', 403, '<html>login</html>', 'CLUSTER_UNREACHABLE', 'NotKubernetes', {}],
  ])('becomes an error with the right code: %s', (_name, code, body, expected, reason, details) => {
    const error = createStatusError(asked, { status: code, body });
    expect([error.code, error.reason]).toEqual([expected, reason]);
    expect(error.details).toMatchObject(details);
    expect(error.hint).not.toBe('');
    expect(error.message).not.toContain('()');
  });

  test('that misses no permission of a Role shows no Role in the hint', () => {
    const hintOf = (message: string): string => createStatusError(asked, { status: 403, body: status(message) }).hint;
    expect(hintOf(rbac)).toContain('kind: Role');
    expect(hintOf('User "ci" cannot get path "/metrics"')).not.toContain(renderPermissionsHint([]));
  });

  test('becomes an ActionError whatever its body is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), fc.jsonValue(), fc.boolean(), (code, value, asStatus) => {
        const body: unknown = asStatus ? { kind: 'Status', message: value, details: value, reason: value } : value;
        expect(createStatusError(asked, { status: code, body })).toBeInstanceOf(ActionError);
      }),
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import { hasCode, type InputViolation } from '../../../src/errors/action-error.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';

function refusals(given: Readonly<Record<string, string>>): readonly InputViolation[] {
  try {
    parseInputs(new Map(Object.entries({ command: 'render', ...given })));
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return error.details.violations;
    throw error;
  }
  return [];
}

const SOMEWHERE = { 'output-directory': 'rendered' };

describe('the inputs of render', () => {
  test('must contain the output directory', () => {
    expect(refusals({})).toMatchObject([{ input: 'output-directory', correction: 'output-directory: deploy/nats' }]);
    expect(refusals(SOMEWHERE)).toStrictEqual([]);
  });

  test.each([
    ['kubeconfig', 'kube.yaml'],
    ['context', 'staging'],
    ['expected-cluster', 'https://a'],
    ['create-namespace', 'true'],
    ['timeout', '5m'],
    ['rollback-on-failure', 'true'],
    ['smoke-test', 'nats rtt'],
    ['force', 'true'],
  ])('must not contain %s, which only concerns a cluster', (input, text) => {
    expect(refusals({ ...SOMEWHERE, [input]: text })).toMatchObject([{ input, correction: `# remove \`${input}\`` }]);
  });

  test.each([
    ['client-verify', { 'client-verify': 'verify' }, 'allow: rendered-secrets'],
    ['client-certificates', { 'client-certificates': 'orders' }, 'allow: rendered-secrets'],
    ['certificate-validity', { 'certificate-validity': '30m', 'renew-before': '5m' }, 'certificate-validity: 1h'],
    ['renew-before', { 'renew-before': '4m' }, 'renew-before: 5m'],
  ])(
    'need `allow: rendered-secrets` or another value for %s, because cert-manager issues the certificates',
    (input, given, correction) => {
      expect(refusals({ ...SOMEWHERE, ...given })).toMatchObject([{ input, correction }]);
      expect(refusals({ ...SOMEWHERE, ...given, allow: 'rendered-secrets' })).toStrictEqual([]);
    },
  );

  test('may have any certificate validity for user-provided Secrets', () => {
    const own = { 'server-tls-secret': 'web', 'route-tls-secret': 'peers' };
    expect(refusals({ ...SOMEWHERE, ...own, 'certificate-validity': '30m', 'renew-before': '4m' })).toStrictEqual([]);
  });

  test('may have the shortest durations that cert-manager issues', () => {
    expect(refusals({ ...SOMEWHERE, 'certificate-validity': '1h', 'renew-before': '5m' })).toStrictEqual([]);
  });

  test.each([[{ 'server-tls-secret': 'web' }], [{ 'route-tls-secret': 'peers' }]])(
    'have the shortest durations of cert-manager even if one Secret is user-provided: %j',
    (own) => {
      const short = { ...SOMEWHERE, ...own, 'certificate-validity': '59m', 'renew-before': '299s' };
      expect(refusals(short).map(({ input, correction }) => [input, correction])).toEqual([
        ['certificate-validity', 'certificate-validity: 1h'],
        ['renew-before', 'renew-before: 5m'],
      ]);
    },
  );

  test('must contain the output directory even with `allow: rendered-secrets`', () => {
    expect(refusals({ allow: 'rendered-secrets' })).toMatchObject([{ input: 'output-directory' }]);
  });

  test('must be consistent like those of deploy', () => {
    expect(refusals({ ...SOMEWHERE, 'jetstream-storage': '1Gi', users: '[{user: a}]' })).toMatchObject([
      { input: 'users' },
      { input: 'jetstream-storage' },
    ]);
  });
});

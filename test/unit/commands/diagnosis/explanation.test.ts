import { describe, expect, test } from '@jest/globals';
import { findCauses } from '../../../../src/causes/causes.ts';
import { explainCertificate, explainDeadline } from '../../../../src/commands/diagnosis/diagnoser.ts';
import { ActionError, type ErrorCode } from '../../../../src/errors/action-error.ts';
import { EMPTY } from '../../../../src/text/markdown.ts';
import { factsWith, inState, waiting } from '../../support/facts.ts';

const SERVER = 'https://api.example';
const observed = { servers: [], pairs: [], certificates: [] };
const markdown = { root: EMPTY, mesh: EMPTY, rest: EMPTY };
const diagnosis = { markdown, observed, pods: [], files: [], lines: [], isBlind: false, causes: [] };
const causes = findCauses(factsWith([inState(waiting('ErrImagePull', 'manifest unknown'))]));

function failed(code: Extract<ErrorCode, 'WAIT_TIMEOUT' | 'ROLLOUT_STALLED'>): ActionError {
  return new ActionError(code, 'the deadline passed', { hint: 'Wait longer.', details: { problems: [] } });
}

test('an error at the deadline names the cause and the next action', () => {
  const error = explainDeadline(failed('WAIT_TIMEOUT'), SERVER, { ...diagnosis, causes });
  expect(error).toMatchObject({ code: 'WAIT_TIMEOUT' });
  expect(error.message).toMatch(/^the deadline passed; cause: pod nats-1: image .* cannot be pulled/);
  expect(error.hint).toContain(causes[0]?.hint);
});

test('an error at the deadline is that of an unreachable API server if nothing could be read', () => {
  expect(explainDeadline(failed('WAIT_TIMEOUT'), SERVER, { ...diagnosis, isBlind: true })).toMatchObject({
    code: 'CLUSTER_UNREACHABLE',
    reason: 'NoAnswer',
    details: { server: SERVER },
  });
});

test('an error with a cause of its own stays as it is', () => {
  const error = failed('ROLLOUT_STALLED');
  expect(explainDeadline(error, SERVER, { ...diagnosis, causes, isBlind: true })).toBe(error);
});

test('a credential plugin that did not end explains why nothing could be read', () => {
  const fields = { reason: 'CredentialPlugin', hint: 'Log in.', details: { problems: [] } };
  const error = new ActionError('WAIT_TIMEOUT', 'the plugin was running', fields);
  expect(explainDeadline(error, SERVER, { ...diagnosis, isBlind: true })).toBe(error);
});

test('an error at the deadline stays as it is if no cause is known', () => {
  const error = failed('WAIT_TIMEOUT');
  for (const none of [undefined, diagnosis]) expect(explainDeadline(error, SERVER, none)).toBe(error);
});

test('an error about servers that differ from the deployment contains the cause and only its hint', () => {
  const fields = { reason: 'ServersDiffer', hint: 'Run command: deploy.', details: { problems: [] } };
  const error = explainDeadline(new ActionError('DRIFT', 'nats-0 is not Ready', fields), SERVER, {
    ...diagnosis,
    causes,
  });
  expect(error).toMatchObject({ code: 'DRIFT', reason: 'ServersDiffer', hint: causes[0]?.hint });
  expect(error.message).toContain('; cause: pod nats-1');
});

describe('a refused route certificate', () => {
  const [served, issued] = ['78ec56ade02dcab0', '5f2cf8c1657e828a'].map((head) => head.padEnd(64, '0'));
  const certificate = { name: 'route of nats-1', notAfter: new Date(0), fingerprint256: issued ?? '', issuer: 'CN=ca' };
  const known = { ...diagnosis, observed: { ...observed, certificates: [certificate] } };
  const refused = (shown = ''): ActionError =>
    new ActionError('MESH_INCOMPLETE', `nats-0 refuses it: unknown CA (CN=nats-1 SHA-256: ${shown})`, {
      reason: 'UnknownAuthority',
      hint: 'Compare.',
      details: { problems: [] },
    });

  test('names the server that presents it, with both fingerprints', () => {
    expect(explainCertificate(refused(served), known)).toMatchObject({
      reason: 'UnknownAuthority',
      hint: 'Compare.',
      message: expect.stringMatching(
        /\. nats-1 presents the certificate 78ec56ade02d \(SHA-256\), but 5f2cf8c1657e was issued for it$/,
      ),
    });
  });

  test('that was issued for the server shows that the other server trusts another CA', () => {
    expect(explainCertificate(refused(issued), known).message).toMatch(
      /\(SHA-256 5f2cf8c1657e\), so the other server trusts another CA$/,
    );
  });

  test('that no known server presents leaves the error unchanged', () => {
    const error = refused(served);
    for (const none of [undefined, diagnosis]) expect(explainCertificate(error, none)).toBe(error);
  });
});

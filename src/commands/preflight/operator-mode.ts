import { expiryProblems } from '../../drift/expiry.ts';
import { ActionError, hasCode } from '../../errors.ts';
import type { DeployInputs, DeploymentInputs, RotateInputs } from '../../inputs/inputs.ts';
import {
  expiredSystemCredentials,
  missingSystemCredentials,
  operatorContradictions,
} from '../../inputs/operator-contradictions.ts';
import { inputInvalid } from '../../inputs/violations.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { isOperated } from '../../nats/conf/operator.ts';
import type { LiveState } from './live-state.ts';
import { storedConfiguration } from './user-configuration.ts';

/**
 * Checks the inputs that accompany the configuration, before the first request.
 * @throws ActionError INPUT_INVALID
 */
export function requireOperatorInputs(inputs: DeploymentInputs, now: Date): void {
  const { config, systemCredentials } = inputs;
  const isMissing = config !== undefined && isOperated(config.tree) && systemCredentials === undefined;
  refuse([
    ...operatorContradictions(inputs, config?.tree),
    ...(isMissing ? [missingSystemCredentials()] : []),
    ...expired(systemCredentials, now),
  ]);
}

/**
 * Checks the inputs of a rotation, and the stored credentials that it uses.
 * @throws ActionError INPUT_INVALID
 */
export function requireRotatable(
  inputs: RotateInputs,
  { configuration, systemCredentials }: DeploymentCredentials,
  now: Date,
): void {
  refuse([...operatorContradictions(inputs, configuration?.tree), ...expired(systemCredentials, now)]);
}

/**
 * Refuses a change of the way in which users authenticate. Servers of one kind do not know the users of the other, and
 * the two kinds do not share accounts, so servers cannot be replaced one by one.
 * @throws ActionError CHANGE_FORBIDDEN
 */
export function requireSameProof({ config, name }: DeployInputs, { statefulSet, stored }: LiveState): void {
  const from = statefulSet === undefined ? undefined : isOperatedBefore(stored.configuration);
  const to = config !== undefined && isOperated(config.tree);
  if (from === undefined || from === to) {
    return;
  }
  const said = (byJwt: boolean) => (byJwt ? 'by JWT, with an operator' : 'by the configuration');
  const message = `users would be authenticated ${said(to)}, but the running cluster authenticates them ${said(from)}; every client would be cut off, and servers of both kinds cannot form a cluster`;
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'OperatorModeInUse',
    hint: `Deploy another cluster under another name and move the clients to it; or, if this cluster is not needed any more, delete it first (command: delete, name: ${name}).`,
    details: { problems: [{ object: 'config', reason: 'OperatorModeInUse', message }] },
  });
}

/**
 * Refuses system credentials that have expired. Their issuer decides how long they are valid, so only their expiry is
 * reported.
 * @throws ActionError CERTIFICATE_EXPIRING, reason SystemCredentialsExpired
 */
export function requireValidCredentials({ systemCredentials }: DeploymentCredentials, now: Date): void {
  const expiresAt = systemCredentials?.expiresAt;
  const dated = expiresAt === undefined ? [] : [{ name: 'system-credentials', notAfter: expiresAt }];
  const { failures } = expiryProblems(dated, now, 0);
  const [first] = failures;
  if (first === undefined) {
    return;
  }
  throw new ActionError('CERTIFICATE_EXPIRING', first.message, {
    reason: 'SystemCredentialsExpired',
    hint: 'Run command: deploy or rotate with other system-credentials.',
    details: { problems: failures },
  });
}

function isOperatedBefore(texts: string | undefined): boolean | undefined {
  try {
    const before = storedConfiguration(texts);
    return before !== undefined && isOperated(before.tree);
  } catch (error) {
    if (hasCode(error, 'DRIFT')) {
      return undefined; // There is nothing to compare with; this deployment writes it again.
    }
    throw error;
  }
}

function expired(credentials: DeploymentCredentials['systemCredentials'], now: Date) {
  const { expiresAt } = credentials ?? {};
  return expiresAt !== undefined && expiresAt <= now ? [expiredSystemCredentials(expiresAt)] : [];
}

function refuse(violations: Parameters<typeof inputInvalid>[0]): void {
  if (violations.length > 0) {
    throw inputInvalid(violations);
  }
}

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
 * Judges what is given beside the configuration before the first request.
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
 * Judges what a rotation was given, and what it has to go by.
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
 * Servers of the one kind know no user of the other, nor do they share accounts: they cannot be replaced one by one.
 * @throws ActionError CHANGE_FORBIDDEN
 */
export function requireSameProof({ config, name }: DeployInputs, { statefulSet, stored }: LiveState): void {
  const from = statefulSet === undefined ? undefined : isOperatedBefore(stored.configuration);
  const to = config !== undefined && isOperated(config.tree);
  if (from === undefined || from === to) {
    return;
  }
  const said = (byJwt: boolean) => (byJwt ? 'by JWT, with an operator' : 'by the configuration');
  const message = `users would be proved ${said(to)}, those of the running cluster are proved ${said(from)}; every client would be cut off, and servers of both kinds form no cluster`;
  throw new ActionError('CHANGE_FORBIDDEN', message, {
    reason: 'OperatorModeInUse',
    hint: `Deploy another cluster by another name and move the clients; or, where nobody needs this one, delete it first (command: delete, name: ${name}).`,
    details: { problems: [{ object: 'config', reason: 'OperatorModeInUse', message }] },
  });
}

/**
 * Who gives them decides how long they are valid, so that nothing but their end is told.
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
      return undefined; // Nothing to compare with; this deployment writes it anew.
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

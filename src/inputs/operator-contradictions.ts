import type { InputViolation } from '../errors/action-error.ts';
import type { ConfBlock } from '../nats/conf/reader/value.ts';
import { findSystemAccount, isOperatorMode } from '../nats/conf/settings/operator.ts';
import { formatDate } from '../text/duration-text.ts';
import type { Row } from './grammar/row.ts';
import { findExample, formatWorkflowLine } from './grammar/violations.ts';
import type { DeploymentInputs } from './inputs.ts';
import { certificateRows } from './rows/certificates.ts';
import { credentialRows } from './rows/credentials.ts';

type OperatorInputs = Pick<DeploymentInputs, 'systemCredentials' | 'clientUser' | 'clientPassword'> &
  Partial<Pick<DeploymentInputs, 'users' | 'clientVerify'>>;

const { systemCredentials } = credentialRows;

/**
 * Returns the inputs that contradict the authentication of the configuration, with or without JWTs. The caller first
 * reads the configuration, which may be in a file.
 */
export function findOperatorContradictions(
  inputs: OperatorInputs,
  configuration: ConfBlock | undefined,
): readonly InputViolation[] {
  if (configuration === undefined || !isOperatorMode(configuration)) {
    return inputs.systemCredentials === undefined ? [] : [requestRemoval(systemCredentials, withoutOperator)];
  }
  const { clientUser, clientPassword, users = [], clientVerify } = inputs;
  const given: readonly (readonly [Row<unknown>, boolean])[] = [
    [credentialRows.clientUser, clientUser !== credentialRows.clientUser.absent],
    [credentialRows.clientPassword, clientPassword !== undefined],
    [credentialRows.users, users.length > 0],
  ];
  return [
    ...given.flatMap(([row, isGiven]) => (isGiven ? [requestRemoval(row, byJwt)] : [])),
    ...(clientVerify === 'verify-and-map' ? [mapped] : []),
    ...checkAccount(inputs, configuration),
  ];
}

/**
 * Builds the violation for missing credentials. A run needs them if the users of the deployment authenticate with a
 * JWT.
 */
export function reportMissingSystemCredentials(): InputViolation {
  const message =
    'got nothing, expected credentials: the configuration has an `operator`, so the servers do not accept a generated user';
  return { input: systemCredentials.name, message, correction: formatReference() };
}

/** Builds the violation for expired credentials, which servers refuse. */
export function reportExpiredSystemCredentials(expiresAt: Date): InputViolation {
  const message = `its JWT expired at ${formatDate(expiresAt)}, expected one that is valid`;
  return { input: systemCredentials.name, message, correction: formatReference() };
}

/** Builds the violation for credentials that a running server refused. */
export function reportRefusedSystemCredentials(server: string): InputViolation {
  const message = `the running server ${server} does not accept its user as a user of the system account, expected a user that the running servers and the new servers accept`;
  return {
    input: systemCredentials.name,
    message,
    correction: `# with \`command: deploy\` or \`command: rotate\`\n${formatReference()}`,
  };
}

function checkAccount({ systemCredentials: given }: OperatorInputs, configuration: ConfBlock) {
  const wanted = findSystemAccount(configuration);
  if (given === undefined || wanted === undefined || wanted === given.account) return [];
  const message = `got a user of account ${given.account}, expected one of the \`system_account\` of the configuration`;
  return [{ input: systemCredentials.name, message, correction: formatReference() }];
}

function requestRemoval(row: Row<unknown>, because: string): InputViolation {
  return { input: row.name, message: because, correction: `# remove \`${row.name}\`` };
}

function formatReference(): string {
  return formatWorkflowLine(systemCredentials.name, findExample(systemCredentials));
}

const withoutOperator =
  'got `system-credentials` without an `operator` in the configuration, expected both or neither: without an operator, this action connects with a generated user';
const byJwt =
  'got a value although the configuration has an `operator`, expected no value: with an operator, users authenticate by JWT';
const mapped: InputViolation = {
  input: certificateRows.clientVerify.name,
  message:
    'got `verify-and-map` together with an `operator` in the configuration, expected `none` or `verify`: with an operator, users authenticate by JWT',
  correction: formatWorkflowLine(certificateRows.clientVerify.name, 'verify'),
};

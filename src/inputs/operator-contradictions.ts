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
 * Returns the inputs that contradict a configuration with JWT authentication, or one without it. The caller checks this
 * after it has read the configuration, which may be in a file.
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
 * Builds the violation for missing credentials, which a run needs if the users of the deployment authenticate with a
 * JWT.
 */
export function reportMissingSystemCredentials(): InputViolation {
  const message =
    'got nothing, expected it because the configuration has an `operator`, with which servers accept no generated user';
  return { input: systemCredentials.name, message, correction: formatReference() };
}

/** Builds the violation for expired credentials, which servers refuse. */
export function reportExpiredSystemCredentials(expiresAt: Date): InputViolation {
  const message = `its JWT expired at ${formatDate(expiresAt)}, expected one that is valid`;
  return { input: systemCredentials.name, message, correction: formatReference() };
}

/** Builds the violation for credentials that a running server refused. */
export function reportRefusedSystemCredentials(server: string): InputViolation {
  const message = `${server}, which runs, does not take its user for one of its system account, expected one that the running servers take as well as those to come`;
  return { input: systemCredentials.name, message, correction: `# of command: deploy or rotate\n${formatReference()}` };
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
  'got it without an `operator` in the configuration, expected both or neither: without an operator, this action connects with a generated user';
const byJwt =
  'got it together with an `operator` in the configuration, expected only one of them: an operator authenticates users by JWT';
const mapped: InputViolation = {
  input: certificateRows.clientVerify.name,
  message:
    'got `verify-and-map` together with an `operator` in the configuration, expected `none` or `verify`: an operator authenticates users by JWT',
  correction: formatWorkflowLine(certificateRows.clientVerify.name, 'verify'),
};

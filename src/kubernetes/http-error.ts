import { ActionError, type MissingPermission, type ObjectProblem } from '../errors/action-error.ts';
import { renderPermissionsHint } from '../manifests/role.ts';
import { markForeignTextOfSecret } from '../secrets/likely-secrets.ts';
import { type CredentialSource, selectCredentialsHint } from './credentials.ts';
import { decodeStatus, isSchemaMismatch, type Status } from './retry.ts';

/** A request; `object` names its object in messages, for example `StatefulSet nats/nats`. */
export type FailedRequest = {
  readonly server: string;
  readonly method: string;
  readonly path: string;
  readonly object: string;
  /** The source of the credentials of the request. */
  readonly credentials: CredentialSource;
};

/** The API server's answer to a refused request; `body` is parsed JSON or text. */
export type Refusal = { readonly status: number; readonly body: unknown };

/** Converts a refused request to our error (Kubernetes API reference, "HTTP status codes" and meta/v1 Status). */
export function createStatusError(asked: FailedRequest, { status, body }: Refusal): ActionError {
  const decoded = redactStatus(asked, decodeStatus(body));
  if (decoded === undefined && status !== 401 && status < 500 && status !== 429)
    return createNotKubernetesError(asked, status);
  const reported = decoded ?? EMPTY_STATUS;
  if (status === 401) return createUnauthenticatedError(asked, reported);
  if (status === 403)
    return isAuthorization(reported)
      ? createForbiddenError(asked, reported)
      : createRejectedError(asked, reported, status);
  if (status === 404 && reported.details.kind === 'namespaces') return createNamespaceMissingError(reported);
  if (status === 409 && !isTerminating(reported)) return createConflictError(asked, reported);
  if (status === 429 || (status >= 500 && !isWebhook(reported) && !isSchemaMismatch(reported)))
    return createUnavailableError(asked, status, reported);
  return createRejectedError(asked, reported, status);
}

/** Redacts the messages about a Secret, because they may quote its data. */
function redactStatus({ path }: FailedRequest, reported: Status | undefined): Status | undefined {
  if (reported === undefined || !/\/secrets(?:\/|$)/.test(path)) return reported;
  const { message, details } = reported;
  const causes = details.causes.map((cause) => ({ ...cause, message: markForeignTextOfSecret(cause.message) }));
  return { ...reported, message: markForeignTextOfSecret(message), details: { ...details, causes } };
}

const EMPTY_STATUS: Status = {
  code: undefined,
  reason: '',
  message: '',
  details: { name: undefined, group: '', kind: undefined, causes: [], retryAfterSeconds: undefined },
};

/** The text of the authorizer. Admission (quota, PodSecurity, policies) also answers 403 but never with this text. */
const CANNOT = /cannot (\S+) resource "([^"]+)" in API group "([^"]*)"(?: in the namespace "([^"]+)")?/;

function isAuthorization({ message }: Status): boolean {
  return CANNOT.test(message) || /cannot \S+ path "/.test(message) || /cannot impersonate/.test(message);
}

function isTerminating({ message, details }: Status): boolean {
  const isCause = details.causes.some(({ reason }) => reason === 'NamespaceTerminating');
  return isCause || /because it is being terminated/.test(message);
}

function isWebhook({ message }: Status): boolean {
  return /failed calling webhook|admission webhook/.test(message);
}

function createUnauthenticatedError(
  { server, credentials }: FailedRequest,
  { message }: Status,
): ActionError<'UNAUTHENTICATED'> {
  return new ActionError(
    'UNAUTHENTICATED',
    `${server} refuses the credentials of the kubeconfig${renderBecause(message)}.`,
    {
      reason: 'InvalidCredentials',
      hint: selectCredentialsHint(credentials),
      details: { server },
    },
  );
}

function createForbiddenError({ server, method, path }: FailedRequest, { message }: Status): ActionError<'FORBIDDEN'> {
  const [, verb, resource, group, namespace] = CANNOT.exec(message) ?? [];
  const missing: readonly MissingPermission[] =
    verb === undefined || resource === undefined ? [] : [{ verb, resource, group: group ?? '', namespace }];
  return new ActionError('FORBIDDEN', `${server} forbids ${method} ${path}${renderBecause(message)}.`, {
    reason: 'Rbac',
    hint:
      missing.length > 0
        ? renderPermissionsHint(missing)
        : 'Grant the account of the kubeconfig the permission for this request.',
    details: { missing },
  });
}

function createNamespaceMissingError({ details }: Status): ActionError<'NAMESPACE_MISSING'> {
  const namespace = details.name ?? '';
  return new ActionError('NAMESPACE_MISSING', `The namespace ${namespace} does not exist.`, {
    hint: `Set \`create-namespace: true\`, or run \`kubectl create namespace ${namespace}\`.`,
    details: { namespace },
  });
}

/** Builds the error for 409: another manager owns a field, a precondition failed, or the name exists. */
function createConflictError({ object }: FailedRequest, status: Status): ActionError<'APPLY_CONFLICT'> {
  const held = status.details.causes.filter(({ reason }) => reason === 'FieldManagerConflict');
  if (held.length === 0) {
    const reason = status.reason === 'AlreadyExists' ? 'AlreadyExists' : 'Conflict';
    const message = `${object} was changed or created by another client${renderBecause(status.message)}.`;
    return new ActionError('APPLY_CONFLICT', message, {
      reason,
      hint: 'Let the other run finish, then run this step again.',
      details: { problems: [{ object, reason, message: status.message }] },
    });
  }
  const problems = held.map(({ field, message }) => ({
    object,
    reason: 'FieldManagerConflict',
    message: `${field}: ${message}`,
  }));
  return new ActionError('APPLY_CONFLICT', `Field conflict on ${object}: ${joinMessages(problems)}.`, {
    reason: 'FieldManagerConflict',
    hint: 'Remove the fields from the other manager (`kubectl apply --server-side --field-manager=<manager>` without these fields), then run the job again. Or add `allow: conflicts`, which takes the fields over.',
    details: { problems },
  });
}

function createRejectedError(
  { object }: FailedRequest,
  reported: Status,
  status: number,
): ActionError<'APPLY_REJECTED'> {
  const reason = selectRejectionReason(reported, status);
  const causes = reported.details.causes.filter(({ message }) => message !== '');
  const problems: readonly ObjectProblem[] =
    status === 422 && causes.length > 0
      ? causes.map((cause) => ({
          object,
          reason: cause.reason || reason,
          message: cause.field === '' ? cause.message : `${cause.field}: ${cause.message}`,
        }))
      : [{ object, reason, message: reported.message }];
  return new ActionError('APPLY_REJECTED', `The API server refuses ${object}: ${joinMessages(problems)}.`, {
    reason,
    hint: REJECTION_HINTS[reason] ?? 'Correct the input or override that renders this field, then run the step again.',
    details: { problems },
  });
}

const REJECTION_HINTS: Readonly<Record<string, string>> = {
  NotFound:
    'The object was deleted in the meantime, or this Kubernetes cluster does not serve its API: run the step again.',
  NamespaceTerminating: 'Wait until the namespace is deleted, or deploy to another namespace.',
  ExceededQuota:
    'Ask for less with the inputs `replicas` and `resources`, or raise the ResourceQuota of the namespace.',
  PodSecurity: 'Keep `security-context: restricted`, or ask the cluster’s operators about the level of this namespace.',
  Webhook: 'An admission webhook of the cluster refuses the object or does not answer: ask the cluster’s operators.',
};

function selectRejectionReason(reported: Status, status: number): string {
  if (isTerminating(reported)) return 'NamespaceTerminating';
  if (/exceeded quota/.test(reported.message)) return 'ExceededQuota';
  if (/violates PodSecurity/.test(reported.message)) return 'PodSecurity';
  if (isWebhook(reported)) return 'Webhook';
  if (isSchemaMismatch(reported)) return 'Schema';
  return reported.reason || `Http${status}`;
}

function createUnavailableError(
  { server, method, path }: FailedRequest,
  status: number,
  { message }: Status,
): ActionError {
  const reason = status === 429 ? 'TooManyRequests' : `Http${status}`;
  const text = `${server} answers ${status} to ${method} ${path}${renderBecause(message)}.`;
  return new ActionError('CLUSTER_UNREACHABLE', text, {
    reason,
    hint: 'The API server is overloaded or restarting: run the step again when `kubectl get --raw /readyz` says ok.',
    details: { server },
  });
}

function createNotKubernetesError({ server, path }: FailedRequest, status: number): ActionError {
  const text = `${server}${path} answers ${status}, but not in the form of a Kubernetes API server.`;
  return new ActionError('CLUSTER_UNREACHABLE', text, {
    reason: 'NotKubernetes',
    hint: 'Check `server:` in the kubeconfig: a proxy or login page may answer in its place.',
    details: { server },
  });
}

function joinMessages(problems: readonly ObjectProblem[]): string {
  return problems.map(({ message }) => message).join('; ');
}

function renderBecause(message: string): string {
  return message === '' ? '' : ` (${message})`;
}

import type { ErrorCode } from '../../src/errors/action-error.ts';

/** The texts about one code or reason: its meaning, and the next action. Both are Markdown. */
export type ErrorText = { readonly means: string; readonly action: string };

/** The texts about every error code. The order is the order of a run. */
export const CODE_TEXTS: Readonly<Record<ErrorCode, ErrorText>> = {
  INPUT_INVALID: {
    means: 'One or more inputs are invalid. All of them are listed. Nothing was sent to the Kubernetes cluster.',
    action: 'Copy the corrected lines that the error contains into the workflow.',
  },
  CLUSTER_UNREACHABLE: {
    means: 'The API server cannot be reached, or the answer did not come from a Kubernetes API server.',
    action: 'Check `server` of the kubeconfig from the network of the runner. See [runners](operations/runners.md).',
  },
  CLUSTER_MISMATCH: {
    means:
      'The kubeconfig leads to a Kubernetes cluster other than `expected-cluster`. No credentials were sent, and nothing was changed.',
    action: 'Check `kubeconfig` and `context`. See [kubeconfig.md](kubeconfig.md#the-expected-cluster).',
  },
  UNAUTHENTICATED: {
    means: 'The API server does not accept the credentials of the kubeconfig.',
    action: 'Renew the token or the certificate. See [permissions.md](permissions.md#lifetime-of-the-token).',
  },
  FORBIDDEN: {
    means:
      'The credentials lack permissions. All missing permissions are listed, and the error prints a Role that grants them. Nothing was changed.',
    action: 'Apply that Role, or the published ones. See [permissions.md](permissions.md).',
  },
  NAMESPACE_MISSING: {
    means: 'The namespace does not exist.',
    action: 'Create it, or set `create-namespace: true`.',
  },
  APPLY_CONFLICT: {
    means: 'Another manager owns a field of an object, or changed the object at the same time.',
    action:
      'Wait for the other run. If a tool or a person owns the field, release the field there, or set `allow: conflicts`.',
  },
  APPLY_REJECTED: {
    means: 'The API server, a quota or an admission policy rejected an object or a pod.',
    action: 'Read the message. It names the field or the policy.',
  },
  CHANGE_FORBIDDEN: {
    means:
      'The change would disconnect clients or servers, lose streams, or touch objects of another owner. Nothing was changed.',
    action: 'Follow the hint. It names the input, the command, or the value of `allow`.',
  },
  PKI_INVALID: {
    means: 'A CA, a certificate, a key, or a Secret that you provide cannot be used. The error names the field.',
    action: 'Correct that input or Secret. See [certificates.md](certificates.md#which-certificates-are-accepted).',
  },
  SERVER_UNSUPPORTED: {
    means: 'The image has a release of nats-server that the action or this NATS cluster cannot use.',
    action: 'Set `image` to nats-server 2.10 or newer, and not to an older minor release than the servers run.',
  },
  LOCKED: {
    means: 'Another run changes this NATS cluster, or this run lost its lock.',
    action: 'Wait for the other run, then run the job again.',
  },
  ROLLOUT_STALLED: {
    means: 'A server cannot start or does not become healthy, and waiting does not help.',
    action: 'Follow the hint for the reason.',
  },
  WAIT_TIMEOUT: {
    means: 'The deadline passed. The error lists everything that was not ready, with its cause if one was found.',
    action: 'Look at the first entry. Set a longer `timeout` only if the log shows progress until the end.',
  },
  MESH_INCOMPLETE: {
    means: 'All servers run, but some of them are not connected as expected. The error lists the pairs.',
    action: 'Follow the hint for the reason.',
  },
  MESH_INSECURE: {
    means: 'The mesh is complete, but a server accepted a connection that it must refuse, or failed another check.',
    action: 'Find out who else changes the configuration of the servers, then run the job again.',
  },
  SMOKE_TEST_FAILED: {
    means: 'The script of `smoke-test` failed. The NATS cluster itself passed all checks.',
    action: 'Read the last lines of the script, which the error contains.',
  },
  ROTATION_UNSAFE: {
    means: 'A rotation stopped before a step that could disconnect servers or clients. Nothing is lost.',
    action: 'Look at the logs of the servers, then run the job again. The rotation continues.',
  },
  PRUNE_INCOMPLETE: {
    means: '`prune` could not delete every preview. The error lists them. All others are deleted.',
    action: 'Follow the hint for the first one, then run the job again.',
  },
  DRIFT: {
    means: '`verify` found objects, certificates or servers that differ from the last deployment. Each is named.',
    action: 'Run `command: deploy`, and find out who changed them.',
  },
  CERTIFICATE_EXPIRING: {
    means: '`verify` found a certificate or an operator JWT that expires soon or has expired.',
    action: 'Run `command: rotate`, and find out why the scheduled `rotate` did not renew it.',
  },
  CANCELLED: {
    means:
      'The job was cancelled or reached `timeout-minutes`. The run stopped at a safe point and reports the state of the servers.',
    action: 'Run the job again. It continues.',
  },
  INTERNAL: {
    means: 'This is a defect of the action.',
    action: 'Run the job again with debug logging, and report the stack trace.',
  },
};

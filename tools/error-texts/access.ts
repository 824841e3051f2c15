import type { Texts } from './reasons.ts';

export const INPUT_TEXTS: Texts = {
  TooFewNodes: [
    'There are fewer schedulable nodes than servers, and `anti-affinity: required` forbids two servers on one node.',
    'Set `anti-affinity: preferred` or `none`, lower `replicas`, or add nodes.',
  ],
  KubeconfigNotNamed: [
    'Input `kubeconfig` is empty, the runner has a kubeconfig in its home folder, and the command deletes.',
    'Check that the secret exists. To use the file of the home folder, set `kubeconfig: ~/.kube/config` or `expected-cluster`.',
  ],
};

export const CONNECTION_TEXTS: Texts = {
  ConnectionReset: ['The API server or a proxy closed the connection.', 'Run the job again; check proxy and firewall.'],
  CertificateValidity: [
    'The certificate of the API server has expired or is not valid yet.',
    'Renew it, or set the clock of the runner.',
  ],
  ClientCertificate: [
    'The API server rejected the client certificate of the kubeconfig during the handshake.',
    'Renew the client certificate.',
  ],
  CredentialPlugin: [
    'The credential plugin (`exec`) of the kubeconfig is missing on the runner, failed, took more than 30 s, or was running at the deadline.',
    'Install it in an earlier step, and log in before the action ([EKS, GKE, AKS](recipes/cloud-login.md)).',
  ],
  IdentityProvider: [
    'The identity provider of `auth-provider: oidc` did not refresh the token.',
    'Create a new kubeconfig.',
  ],
  InvalidCredentials: ['The API server answered 401.', 'Renew the token or the certificate of the kubeconfig.'],
  InvalidResponse: ['The API server sent an answer in an unexpected format.', 'Check whether a proxy answers instead.'],
  NameNotResolved: ['The host name of the API server does not resolve on the runner.', 'Check `server`, and the DNS.'],
  Network: [
    'The connection to the API server failed for another reason, which the message states.',
    'Read the message.',
  ],
  NoAnswer: [
    'The API server no longer answered when the deadline passed.',
    'Check whether it runs, then run the job again. The run continues.',
  ],
  NotKubernetes: [
    'A web page answered instead of a Kubernetes API server.',
    'Check `server`: a proxy or a login page may answer.',
  ],
  NotVerifiable: [
    '`expected-cluster` cannot be verified over this connection, for example with `insecure-skip-tls-verify`.',
    'Correct the field of the kubeconfig that the message names.',
  ],
  PortForward: [
    'A port-forward to a server ended.',
    'Check that the pod runs, and that nothing closes long connections.',
  ],
  Protocol: ['The API server or a proxy did not speak TLS or HTTP as expected.', 'Check `server` and `proxy-url`.'],
  Rbac: [
    'The API server answered 403.',
    'Grant the permissions that the error lists. See [permissions.md](permissions.md).',
  ],
  ServerName: [
    'The certificate of the API server is for another name.',
    'Correct `server`, or set `tls-server-name` in the kubeconfig.',
  ],
  TooManyRequests: ['The API server answered 429 until the action stopped retrying.', 'Run the job again later.'],
  'Http<status>': [
    'The API server answered with this status, for example `Http503`, until the action stopped retrying.',
    'Check the API server and proxies in front of it.',
  ],
};

export const APPLY_TEXTS: Texts = {
  AlreadyExists: ['An object was created by another client at the same time.', 'Run the job again.'],
  Conflict: ['An object was changed by another client at the same time.', 'Run the job again.'],
  FieldManagerConflict: [
    'Another field manager owns a field, for example after `kubectl edit`.',
    'Let that manager release the field, or set `allow: conflicts` to take the field over.',
  ],
  ChangedByAdmission: [
    'An admission policy changed an object, so that the servers would not run what was requested.',
    'Set the inputs to the values that the policy writes, or exclude the object from the policy.',
  ],
  ExceededQuota: ['A ResourceQuota rejected an object.', 'Raise the quota, or delete unused objects.'],
  NamespaceTerminating: ['The namespace is being deleted.', 'Wait until it is deleted, or use another namespace.'],
  NotFound: [
    'An object does not exist, or was deleted during the run.',
    'Run the job again. If the kind is unknown, install its CRD.',
  ],
  PodSecurity: ['Pod Security rejected an object.', 'Set `security-context: restricted`, and correct `overrides`.'],
  Schema: ['A field of an object is unknown or invalid.', 'Correct `overrides`. The message names the field.'],
  Webhook: ['An admission webhook rejected an object or did not answer.', 'Follow the message of the webhook.'],
};

export const CREATION_TEXTS: Texts = {
  AdmissionRefused: [
    'An admission policy or webhook rejects the pods.',
    'Change `image`, `resources` or `overrides` to meet the policy, or exclude the namespace.',
  ],
  LimitRangeRefused: ['A LimitRange rejects the pods.', 'Set requests and limits within its range in `resources`.'],
  PodRefused: ['The API server rejects the pods for another reason.', 'Read the message.'],
  PodSecurityRefused: [
    'The namespace enforces a Pod Security level that the pods violate.',
    'Set `security-context: restricted`, and correct `overrides`.',
  ],
  QuotaExceeded: ['A ResourceQuota rejects the pods.', 'Raise the quota, or lower `replicas` or `resources`.'],
  ServiceAccountMissing: ['The service account of the pods does not exist.', 'Create it, or correct `overrides`.'],
  WebhookMissing: [
    'The Service of an admission webhook does not exist.',
    'Restore the webhook, or delete its configuration.',
  ],
  WebhookUnreachable: ['An admission webhook does not answer.', 'Check the pods of the webhook.'],
};

export const LOCK_TEXTS: Texts = {
  Held: [
    'Another run holds the lock, and did not release it before the deadline.',
    'Wait for the other run. If it was killed, its lock expires after 30 s.',
  ],
  Lost: [
    'Another run took over the lock while this run was paused.',
    'Run the job again when the other run has ended.',
  ],
  NotRenewed: ['The API server did not answer in time to renew the lock.', 'Run the job again.'],
};

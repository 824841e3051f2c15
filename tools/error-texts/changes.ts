import type { Texts } from './reasons.ts';

export const CHANGE_TEXTS: Texts = {
  AccountName: [
    'Streams of an account must move before servers leave, but its name cannot be used in a request.',
    'Keep `replicas`, or move the streams to an account with a plain name.',
  ],
  AuthorityDiffers: [
    '`ca-certificate` is not the CA that the NATS cluster uses.',
    'Run `command: rotate` with `rotate-targets: ca` and the new CA.',
  ],
  CertificateSourceInUse: [
    '`server-tls-secret` or `route-tls-secret` is added, removed or changed, and peers would reject the other certificates.',
    'Keep the input, or delete the NATS cluster first.',
  ],
  ConnectionsExceeded: [
    '`max-connections` is lower than the number of connected clients.',
    'Raise it. With `allow: outage`, the servers close the connections beyond the limit.',
  ],
  CredentialsInUse: [
    '`client-password` differs from the stored password of the same user.',
    'Run `command: rotate` with this `client-password`, or leave it out to keep the stored one.',
  ],
  CutsOffClients: [
    'After the change, the servers would reject clients that can connect now.',
    'Change the clients as the error says, then set `allow: outage`.',
  ],
  Downgrade: [
    'JetStream runs, and `image` is an older minor release, which may not read the stored data.',
    'Keep the release, or set `image` to the release that the error names.',
  ],
  Foreign: ['The object has a name of this NATS cluster, but another owner.', 'See [adoption.md](adoption.md).'],
  ForeignObjects: [
    'Objects with names of this NATS cluster have another owner.',
    'Use another `name`, delete the objects, or take them over with `allow: adopt` ([adoption.md](adoption.md)). Objects of another deployment are never taken over ([names.md](names.md)).',
  ],
  JetStreamInUse: ['`jetstream` cannot be enabled or disabled in a running NATS cluster.', 'Deploy another one.'],
  NamesMeet: ['Two deployments would use the same object name.', 'Use another `name`. See [names.md](names.md).'],
  NeedsRestart: ['`jetstream-memory` cannot be lowered.', 'Keep the value, or a higher one.'],
  NoPreview: ['`ttl` is set for a NATS cluster that was deployed without it.', 'Remove `ttl`, or use another `name`.'],
  NotDeployed: ['No NATS cluster of this name exists.', 'Check `name` and `namespace`.'],
  OperatorModeInUse: [
    'The configuration switches between operator mode and users with passwords.',
    'Deploy another NATS cluster, and move the clients.',
  ],
  OtherDeployment: ['The object belongs to another deployment of this action.', 'Use another `name`.'],
  OtherPreview: ['Another branch has a preview of this name.', 'Use another `name`, or delete that preview.'],
  RoutesDiffer: [
    'Pinned accounts or the pool size of routes would change together with settings that need a restart.',
    'Change `cluster.accounts` or `cluster.pool_size` in a deployment of its own.',
  ],
  StandaloneJetStream: [
    'One server with JetStream cannot become several, or several become one.',
    'Keep one server or keep several. To switch, deploy another NATS cluster.',
  ],
  StreamReplicas: [
    'Streams have more replicas than servers would remain.',
    'Lower the replicas of these streams, or keep `replicas`.',
  ],
  StreamsLost: [
    'Accounts with streams would have no JetStream after a restart.',
    'Keep the accounts with `jetstream: enabled`, or back up and remove the streams.',
  ],
  StreamsUnknown: [
    'Servers must leave, but not all servers say which streams they hold.',
    'Run the job with the previous `replicas` first.',
  ],
  UserNameTaken: ['Two users would have the same name.', 'Rename one: `client-user`, or the entry of `users`.'],
  VolumeInUse: [
    'Size or class of an existing volume cannot change.',
    'Keep the input, or deploy another NATS cluster.',
  ],
};

export const TAKEOVER_TEXTS: Texts = {
  ClientCertificates: ['The new servers require client certificates.', 'Take over with `client-verify: none` first.'],
  OtherAuthority: [
    'Clients that trust only the previous CA would reject the new servers.',
    'Use `server-tls-secret`, or `ca-certificate` and `ca-private-key`.',
  ],
  OtherClusterName: [
    'The running servers have another cluster name.',
    'The outage cannot be avoided: set `allow: adopt, outage`.',
  ],
  OtherReplicas: [
    '`replicas` is not the number of running servers.',
    'Set `replicas` to that number; change it in a later run.',
  ],
  OtherRouteAuthority: ['The routes of the running servers use another CA.', 'Use their Secret as `route-tls-secret`.'],
  OtherUsers: [
    '`client-user` cannot log in to the running servers.',
    'Set `client-user`, `client-password` and `users` to the values that clients use.',
  ],
  PlaintextClients: ['Clients of the running servers do not use TLS.', 'Clients must trust the CA of the new servers.'],
  PlaintextRoutes: [
    'The routes of the running servers do not use TLS.',
    'The outage cannot be avoided: set `allow: adopt, outage`.',
  ],
  SourceSilent: ['A running server does not answer.', 'Look at its log, then run the job again.'],
  StreamsInOtherVolumes: [
    'The running servers have JetStream, whose volumes have other names.',
    'Deploy another NATS cluster, mirror the streams, and move the clients.',
  ],
};

export const PKI_TEXTS: Texts = {
  AlgorithmDiffers: [
    'The key has another algorithm than `key-algorithm`.',
    'Nothing; the action replaces the certificate.',
  ],
  AuthorityKeyMissing: [
    'A certificate must be issued, but the inputs do not contain the key of your CA.',
    'Set `ca-certificate` and `ca-private-key` in this run.',
  ],
  CertificateKeyMismatch: [
    'A server exited because certificate and key do not belong together.',
    'Correct the Secret of `server-tls-secret` or `route-tls-secret`.',
  ],
  CertificateUnreadable: [
    'A server exited because it cannot read a certificate or key.',
    'Correct the Secret of `server-tls-secret` or `route-tls-secret`.',
  ],
  Due: ['The certificate expires within `renew-before`.', 'Nothing; `deploy` and `rotate` renew it.'],
  Expired: ['The certificate has expired.', 'Renew it: its owner, or `command: rotate`.'],
  KeyMismatch: ['The private key is not the key of the certificate.', 'Correct the Secret or the inputs.'],
  Missing: ['A key of the Secret, or a certificate, is missing or empty.', 'Let the owner of the Secret write it.'],
  NameNotPermitted: [
    'A CA with name constraints does not permit a name that the servers need.',
    'Use a CA that permits the name, or remove the name from `subject-alt-names`.',
  ],
  NamesDiffer: ['The certificate does not contain a name that the servers need.', 'Issue it with that name.'],
  NotAuthority: ['A certificate of the chain may not sign certificates.', 'Use a certificate with `CA:TRUE`.'],
  NotYetValid: ['The certificate is not valid yet.', 'Wait, or correct the clocks.'],
  PathTooLong: ['The path length of a CA does not permit the CAs below it.', 'Use a CA with a larger path length.'],
  PoliciesDemanded: ['The chain demands certificate policies.', 'Use a chain without policy constraints.'],
  SameName: ['The old and the new CA have the same name.', 'Give the new CA another subject.'],
  Unreadable: ['A certificate or key cannot be parsed.', 'Replace it.'],
  Unusable: ['The Secret cannot be used for a reason that the message states.', 'Let its owner write it again.'],
  UsagesDiffer: [
    'The certificate or a CA lacks a key usage.',
    'Issue it for `serverAuth`, and routes also for `clientAuth`.',
  ],
  WeakKey: ['A key is too weak.', 'Use RSA of at least 2048 bits, ECDSA P-256 or stronger, or Ed25519.'],
  WeakSignature: ['A signature uses SHA-1 or an unknown algorithm.', 'Issue the certificate with SHA-2.'],
  WrongAuthority: ['The current CA has not issued the certificate.', 'Nothing; the action replaces the certificate.'],
};

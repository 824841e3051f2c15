import type { RefusalKind } from './route-log.ts';

/** The text about a refused route. `says` follows the names of the two servers. */
type Story = { readonly says: string; readonly hint: string };

const REISSUE =
  '`command: rotate` with `rotate-targets: certificates` and `force: true`, which issues new route certificates';
const REACH =
  'Look for a NetworkPolicy, a firewall or a node network fault between the nodes of the two servers on port 6222, then run the job again.';

/** The text of each kind of refusal. */
export const STORIES: { readonly [Kind in RefusalKind]: Story } = {
  UnknownAuthority: {
    says: 'its certificate is signed by a CA that is not trusted',
    hint: `Run the job again, so that both servers trust the same route CA; with \`route-tls-secret\`, put the CA of every server into its \`ca.crt\` first. If that does not help, run ${REISSUE}.`,
  },
  NameMismatch: {
    says: 'its certificate does not name the host it was reached by',
    hint: `With \`route-tls-secret\`, issue a certificate for every route host (SANs \`<pod>.<namespace>.svc\`); otherwise run ${REISSUE}.`,
  },
  CertificateExpired: {
    says: 'its certificate has expired',
    hint: `Run ${REISSUE}; then schedule \`command: rotate\`.`,
  },
  CertificateNotYetValid: {
    says: 'its certificate is not valid yet',
    hint: 'Correct the clocks of the nodes and of the runner (`timedatectl`, `chronyc tracking`), then run the job again.',
  },
  CertificateMissing: {
    says: 'it presents no certificate: it does not trust the CA of the other server, or its certificate does not allow clientAuth',
    hint: `With \`route-tls-secret\`, issue certificates for serverAuth and clientAuth, signed by one CA; otherwise run ${REISSUE}.`,
  },
  CertificateRefused: {
    says: 'it refuses the certificate presented to it',
    hint: `Compare the route CAs of the two servers. If they differ, run ${REISSUE}.`,
  },
  PeerWithoutTls: {
    says: 'it does not use TLS on the route port',
    hint: 'Enable TLS for the routes of every server: look at the `cluster` block of your own configuration.',
  },
  HandshakeTimeout: { says: 'the TLS handshake takes too long', hint: REACH },
  AuthorizationViolation: {
    says: 'the user or password of the route is refused',
    hint: 'Give every server the same `route-user` and `route-password`: run the job again, which restores the stored ones.',
  },
  DuplicateName: {
    says: 'another server has the same name',
    hint: 'Make sure that no other server with this name reaches these routes; remove `server_name` from your own configuration.',
  },
  ForeignCluster: {
    says: 'it belongs to a NATS cluster with another name',
    hint: 'Make sure that no other NATS cluster answers at these addresses; remove `cluster.name` from your own configuration.',
  },
  NameUnresolved: {
    says: 'its host name does not resolve',
    hint: 'Look at the Service of that pod (`kubectl get service`) and at the DNS of the Kubernetes cluster (`kubectl --namespace kube-system get pods`), then run the job again.',
  },
  ConnectionRefused: {
    says: 'nothing listens at its route port',
    hint: 'Find out why that server does not run (`kubectl get pods`, `kubectl logs`).',
  },
  ConnectionTimeout: { says: 'the server cannot be reached', hint: REACH },
};

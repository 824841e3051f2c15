import type { ServerSettings } from '../../../src/nats/conf/writer/server.ts';

/** Settings of one server with routes, whose clients need a certificate and a password. */
export const settings: ServerSettings = {
  clusterName: 'nats',
  revision: 'R1',
  logging: { debug: false, trace: false, logtime: true },
  limits: { maxPayload: 1024 },
  files: { serverCertificate: '/s.crt', serverKey: '/s.key', clientTrust: '/ca.crt', routeTrust: '/route-ca.crt' },
  clientVerify: 'verify',
  clientUsers: [{ user: 'app', password: 'app-password' }],
  users: [],
  jetstream: undefined,
  probeUser: { user: 'probe', password: 'probe-password' },
  probeSubjectPrefix: 'proof',
  systemUser: { user: 'system', password: 'system-password' },
  routeUser: { user: 'route', password: 'route-password' },
  routes: ['tls://route:route-password@nats-0.default.svc:6222'],
};

import { randomBytes } from 'node:crypto';
import { type Ca, parseCa } from '../../src/pki/ca.ts';
import { issueCaCertificate, issueLeaf } from '../../src/pki/issue.ts';
import { computeValidity } from '../../src/pki/signed-certificate.ts';
import type { TestNamespace } from './namespace.ts';

const HOUR_MS = 3_600_000;
const DIRECTORY = '/etc/intruder';

export type Intruder = {
  readonly name: string;
  /** The CA that signs the route certificate of the intruder. */
  readonly authority: Ca;
  readonly routeUser: string;
  readonly routePassword: string;
  readonly image: string;
};

/**
 * Makes a CA that no server trusts. It has the name of a trusted CA, because a client in Go presents a certificate only
 * to a server that names the issuer of the certificate.
 */
export async function makeUnknownCa(commonName = 'nats routes'): Promise<Ca> {
  const { certificatePem, privateKeyPem } = await issueCaCertificate({
    commonName,
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    pathLength: 0,
    ...computeValidity(new Date(), HOUR_MS),
  });
  return parseCa(certificatePem, privateKeyPem);
}

/**
 * Runs a server that pretends to be a member of the NATS cluster `nats`. It has the route password, and connects to the
 * three servers. It accepts every certificate, so that only the three servers can refuse a connection.
 */
export async function runIntruder(space: TestNamespace, intruder: Intruder): Promise<void> {
  const { core, name: namespace } = space;
  const { name, image } = intruder;
  const { certificatePem, privateKeyPem } = await issueLeaf(intruder.authority, {
    commonName: name,
    keyAlgorithm: 'ecdsa-p256',
    serial: randomBytes(16),
    subjectAltNames: { dnsNames: [`${name}.${namespace}.svc`], ipAddresses: [] },
    usages: ['serverAuth', 'clientAuth'],
    ...computeValidity(new Date(), HOUR_MS),
  });
  const stringData = {
    'nats.conf': configuration(intruder, namespace),
    'tls.crt': certificatePem,
    'tls.key': privateKeyPem,
  };
  await core.createNamespacedSecret({ namespace, body: { metadata: { name }, stringData } });
  await core.createNamespacedPod({
    namespace,
    body: {
      metadata: { name },
      spec: {
        securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
        volumes: [{ name: 'files', secret: { secretName: name } }],
        containers: [
          {
            name: 'nats',
            image,
            args: ['--config', `${DIRECTORY}/nats.conf`],
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
            volumeMounts: [{ name: 'files', mountPath: DIRECTORY }],
          },
        ],
      },
    },
  });
}

function configuration({ name, routeUser, routePassword }: Intruder, namespace: string): string {
  const user = `${encodeURIComponent(routeUser)}:${encodeURIComponent(routePassword)}`;
  const routes = [0, 1, 2].map((ordinal) => `"tls://${user}@nats-${ordinal}.${namespace}.svc:6222"`);
  return `
server_name: "${name}"
port: 4222
cluster {
  name: "nats"
  port: 6222
  tls {
    cert_file: "${DIRECTORY}/tls.crt"
    key_file: "${DIRECTORY}/tls.key"
    ca_file: "${DIRECTORY}/tls.crt"
    insecure: true
    timeout: 5
  }
  authorization { user: "${routeUser}", password: "${routePassword}" }
  routes: [${routes.join(', ')}]
}
`;
}

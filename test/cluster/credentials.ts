import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { parseCa } from '../../src/pki/ca.ts';
import { issueCaCertificate, issueLeaf } from '../../src/pki/issue.ts';
import { computeValidity } from '../../src/pki/signed-certificate.ts';
import { renderKubeconfig } from './kubeconfig.ts';
import { ADDRESSES, API_PORT, type ClusterLayout, nodeName } from './layout.ts';

const LIFETIME_MS = 365 * 24 * 60 * 60_000;
const API_DNS_NAMES = [
  'localhost',
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
];

/** Writes the cluster's CA, the API server's certificate, the key of ServiceAccount tokens and every user. */
export async function writeCredentials(layout: ClusterLayout, port: number, nodes: number): Promise<void> {
  await mkdir(layout.file('pki'), { recursive: true, mode: 0o700 });
  const lifetime = { ...computeValidity(new Date(), LIFETIME_MS), keyAlgorithm: 'ecdsa-p256' } as const;
  const ca = await issueCaCertificate({ ...lifetime, commonName: 'embedded', pathLength: 0, serial: randomBytes(16) });
  const api = await issueLeaf(parseCa(ca.certificatePem, ca.privateKeyPem), {
    ...lifetime,
    commonName: 'kube-apiserver',
    serial: randomBytes(16),
    usages: ['serverAuth'],
    subjectAltNames: {
      dnsNames: API_DNS_NAMES,
      ipAddresses: ['127.0.0.1', ADDRESSES.apiServer, ADDRESSES.apiService],
    },
  });
  const tokens = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const files = {
    'ca.crt': ca.certificatePem,
    'api.crt': api.certificatePem,
    'api.key': api.privateKeyPem,
    'service-account.key': tokens.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    'service-account.pub': tokens.publicKey.export({ type: 'spki', format: 'pem' }),
  };
  for (const [name, content] of Object.entries(files)) {
    await writeFile(layout.file('pki', name), content, { mode: 0o600 });
  }
  await writeUsers(layout, port, nodes, ca.certificatePem);
}

/** A user of the cluster's own programs: its kubeconfig, and its name and group for RBAC. */
type User = { readonly file: string; readonly user: string; readonly group: string };

async function writeUsers(
  layout: ClusterLayout,
  port: number,
  nodes: number,
  certificateAuthority: string,
): Promise<void> {
  const users: User[] = [
    { file: 'controller-manager', user: 'system:kube-controller-manager', group: '' },
    { file: 'scheduler', user: 'system:kube-scheduler', group: '' },
    { file: 'proxy', user: 'system:kube-proxy', group: '' },
    { file: 'admin-inside', user: 'admin', group: 'system:masters' },
  ];
  for (let index = 1; index <= nodes; index++) {
    users.push({ file: nodeName(index), user: `system:node:${nodeName(index)}`, group: 'system:nodes' });
  }
  const inside = `https://${ADDRESSES.apiServer}:${API_PORT}`;
  const lines: string[] = [];
  for (const { file, user, group } of users) {
    const token = randomBytes(24).toString('hex');
    lines.push(`${token},${user},${file},${group}`);
    const kubeconfig = renderKubeconfig({ server: inside, certificateAuthority, user: file, token });
    await writeFile(layout.file('pki', `${file}.kubeconfig`), kubeconfig, { mode: 0o600 });
    if (file === 'admin-inside') {
      const outside = { server: `https://127.0.0.1:${port}`, certificateAuthority, user: 'admin', token };
      await writeFile(layout.kubeconfig, renderKubeconfig(outside), { mode: 0o600 });
    }
  }
  await writeFile(layout.file('pki', 'tokens.csv'), `${lines.join('\n')}\n`, { mode: 0o600 });
}

import { code, EMPTY, type Markdown, md } from '../text/markdown.ts';
import type { DeployReport } from './reports.ts';

type Client = Pick<DeployReport, 'name' | 'namespace' | 'url' | 'externalUrl' | 'clientSecret' | 'signIn'>;

/** Returns the log lines about how an application connects. */
export function renderConnectionLines(client: Client): readonly string[] {
  const { name, namespace, url, externalUrl, clientSecret } = client;
  return [
    `in the cluster: ${url}, ${listSecretParts(client)} from Secret ${clientSecret} in namespace ${namespace}`,
    ...(externalUrl === undefined ? [] : [`from outside:   ${externalUrl}, with the same ${listSecretParts(client)}`]),
    `with this runner's kubeconfig: kubectl --namespace ${namespace} port-forward service/${name} 4222:4222, then tls://localhost:4222`,
  ];
}

function listSecretParts({ signIn }: Client): string {
  return signIn.by === 'user' ? 'user, password and ca.crt' : 'ca.crt';
}

/** Returns the paragraph of the job summary about how an application connects. */
export function renderConnection(client: Client): Markdown {
  const { namespace, url, externalUrl, clientSecret, signIn } = client;
  const { certificateSecret } = signIn;
  const outside = externalUrl === undefined ? EMPTY : md`, from outside at ${code(externalUrl)}`;
  const own =
    certificateSecret === undefined ? EMPTY : md` A client certificate is in Secret ${code(certificateSecret)}.`;
  return md`Clients connect in the cluster at ${code(url)}${outside}${SIGN_INS[signIn.by]}.
Secret ${code(clientSecret)} in namespace ${code(namespace)} has ${listSecretParts(client)}.${own}
Examples for pods, the nats command, Node.js, Go and Python are in ${code('docs/connect.md')}.
`;
}

const SIGN_INS: Readonly<Record<DeployReport['signIn']['by'], string>> = {
  user: '',
  certificate: ', each with a certificate that names its user',
  jwt: ', each with credentials of the operator',
};

/** The folder in which the examples expect the files that `renderPod` mounts. */
const FOLDER = '/etc/nats-client';

/** Returns the YAML for the `env` and `volumeMounts` of the container and the `volumes` of the pod. */
export function renderPod({ clientSecret, signIn }: Client): string {
  const variable = (name: string, key: string): string =>
    `  - name: ${name}\n    valueFrom: { secretKeyRef: { name: ${clientSecret}, key: ${key} } }\n`;
  const isPassword = signIn.by === 'user';
  const sources = [
    `          - secret: { name: ${clientSecret}, items: [{ key: ca.crt, path: ca.crt }] }`,
    ...(signIn.certificateSecret === undefined
      ? []
      : [
          `          - secret: { name: ${signIn.certificateSecret}, items: [{ key: tls.crt, path: tls.crt }, { key: tls.key, path: tls.key }] }`,
        ]),
  ];
  return [
    `env:\n${variable('NATS_URL', 'url')}`,
    ...(isPassword ? [variable('NATS_USER', 'username'), variable('NATS_PASSWORD', 'password')] : []),
    `volumeMounts:\n  - { name: nats-client, mountPath: ${FOLDER}, readOnly: true }\n`,
    `volumes:\n  - name: nats-client\n    projected:\n      sources:\n${sources.map((line) => line.slice(2)).join('\n')}\n`,
  ].join('');
}

/** Returns a bash script that prepares the shell for the `nats` command. */
export function renderShell({ name, namespace, clientSecret, signIn }: Client): string {
  const of = (secret: string, key: string): string => `value ${secret} ${key.replaceAll('.', '\\\\.')}`;
  const { certificateSecret } = signIn;
  return [
    `value() { kubectl --namespace ${namespace} get secret "$1" --output "jsonpath={.data.$2}" | base64 --decode; }`,
    `${of(clientSecret, 'ca.crt')} >ca.crt`,
    ...(certificateSecret === undefined
      ? []
      : [
          `(umask 077; ${of(certificateSecret, 'tls.crt')} >tls.crt; ${of(certificateSecret, 'tls.key')} >tls.key)`,
          'export NATS_CERT=tls.crt NATS_KEY=tls.key',
        ]),
    ...(signIn.by === 'user'
      ? [
          `NATS_USER=$(${of(clientSecret, 'username')})`,
          `NATS_PASSWORD=$(${of(clientSecret, 'password')})`,
          'export NATS_USER NATS_PASSWORD',
        ]
      : []),
    ...(signIn.by === 'jwt' ? ['export NATS_CREDS=user.creds # of the operator'] : []),
    'export NATS_URL=tls://localhost:4222 NATS_CA=ca.crt',
    `exec 3< <(kubectl --namespace ${namespace} port-forward service/${name} 4222:4222)`,
    'read -r <&3 # it forwards from now on',
    'nats server check connection',
    '',
  ].join('\n');
}

export function renderNode({ signIn }: Client): string {
  const own = hasCertificate(signIn) ? `, certFile: '${FOLDER}/tls.crt', keyFile: '${FOLDER}/tls.key'` : '';
  const jwt = signIn.by === 'jwt';
  return [
    ...(jwt ? ["import { readFile } from 'node:fs/promises';"] : []),
    `import { connect${jwt ? ', credsAuthenticator' : ''} } from '@nats-io/transport-node';`,
    '',
    'const nats = await connect({',
    '  servers: process.env.NATS_URL,',
    ...(signIn.by === 'user' ? ['  user: process.env.NATS_USER,', '  pass: process.env.NATS_PASSWORD,'] : []),
    ...(jwt ? ["  authenticator: credsAuthenticator(await readFile('user.creds')),"] : []),
    `  tls: { caFile: '${FOLDER}/ca.crt'${own} },`,
    '});',
    '',
  ].join('\n');
}

export function renderGo({ signIn }: Client): string {
  return [
    'nc, err := nats.Connect(os.Getenv("NATS_URL"),',
    ...(signIn.by === 'user' ? ['\tnats.UserInfo(os.Getenv("NATS_USER"), os.Getenv("NATS_PASSWORD")),'] : []),
    ...(signIn.by === 'jwt' ? ['\tnats.UserCredentials("user.creds"),'] : []),
    ...(hasCertificate(signIn) ? [`\tnats.ClientCert("${FOLDER}/tls.crt", "${FOLDER}/tls.key"),`] : []),
    `\tnats.RootCAs("${FOLDER}/ca.crt"))`,
    '',
  ].join('\n');
}

export function renderPython({ signIn }: Client): string {
  return [
    'import os, ssl, nats',
    '',
    `tls = ssl.create_default_context(cafile="${FOLDER}/ca.crt")`,
    ...(hasCertificate(signIn) ? [`tls.load_cert_chain("${FOLDER}/tls.crt", "${FOLDER}/tls.key")`] : []),
    'nc = await nats.connect(',
    '    os.environ["NATS_URL"],',
    ...(signIn.by === 'user' ? ['    user=os.environ["NATS_USER"],', '    password=os.environ["NATS_PASSWORD"],'] : []),
    ...(signIn.by === 'jwt' ? ['    user_credentials="user.creds",'] : []),
    '    tls=tls,',
    ')',
    '',
  ].join('\n');
}

function hasCertificate({ certificateSecret }: Client['signIn']): boolean {
  return certificateSecret !== undefined;
}

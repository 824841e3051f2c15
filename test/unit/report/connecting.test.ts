import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import {
  renderConnection,
  renderConnectionLines,
  renderGo,
  renderNode,
  renderPod,
  renderPython,
  renderShell,
} from '../../../src/report/connecting.ts';
import type { SignIn } from '../../../src/report/reports.ts';
import { deployReport } from '../support/deploy-report.ts';

const USER: SignIn = { by: 'user', certificateSecret: undefined };
const BOTH: SignIn = { by: 'user', certificateSecret: 'tls-nats-client-app' };
const CERTIFICATE: SignIn = { by: 'certificate', certificateSecret: 'tls-nats-client-app' };
const JWT: SignIn = { by: 'jwt', certificateSecret: undefined };

describe('the instructions to connect', () => {
  test('name the Secret, but contain none of its values', () => {
    const lines = renderConnectionLines(deployReport()).join('\n');
    expect(lines).toContain('user, password and ca.crt from Secret nats-client in namespace messaging');
    expect(lines).toContain('tls://nats.messaging.svc:4222');
  });

  test.each([
    [
      'user and password',
      USER,
      ['NATS_USER', 'NATS_PASSWORD', 'pass:', 'UserInfo', '= await connect(', '= await nats.connect('],
      ['tls.key', 'creds'],
    ],
    ['user, password and certificate', BOTH, ['NATS_USER', 'UserInfo', 'ClientCert', 'NATS_KEY'], ['creds']],
    ['a certificate only', CERTIFICATE, ['ClientCert', 'load_cert_chain', 'keyFile'], ['NATS_USER', 'NATS_PASSWORD']],
    [
      'credentials in operator mode',
      JWT,
      ['user.creds', 'UserCredentials', '(await readFile('],
      ['NATS_USER', 'NATS_PASSWORD', 'tls.key'],
    ],
  ])('show exactly the needed options for %s', (_, signIn, named, absent) => {
    const report = deployReport(3, { signIn });
    const samples = [renderPod, renderShell, renderNode, renderGo, renderPython];
    const text = samples.map((render) => render(report)).join('\n');
    expect(named.filter((word) => !text.includes(word))).toEqual([]);
    expect(absent.filter((word) => text.includes(word))).toEqual([]);
    expect(renderShell(report).trimEnd().split('\n')).not.toContain('');
  });

  test.each([USER, BOTH, CERTIFICATE, JWT])('show variables and files of a pod: %j', (signIn) => {
    const { clientSecret, ...report } = deployReport(3, { signIn });
    const pod: unknown = parse(renderPod({ ...report, clientSecret }));
    const certificate = {
      secret: {
        name: 'tls-nats-client-app',
        items: [
          { key: 'tls.crt', path: 'tls.crt' },
          { key: 'tls.key', path: 'tls.key' },
        ],
      },
    };
    const authority = { secret: { name: clientSecret, items: [{ key: 'ca.crt', path: 'ca.crt' }] } };
    expect(pod).toMatchObject({
      env: expect.arrayContaining([
        { name: 'NATS_URL', valueFrom: { secretKeyRef: { name: clientSecret, key: 'url' } } },
      ]),
      volumeMounts: [{ name: 'nats-client', mountPath: '/etc/nats-client', readOnly: true }],
      volumes: [
        {
          name: 'nats-client',
          projected: { sources: signIn.certificateSecret === undefined ? [authority] : [authority, certificate] },
        },
      ],
    });
  });

  test('are short in a summary: the URL, the Secret and a link to examples', () => {
    const { text } = renderConnection(deployReport(3, { signIn: BOTH }));
    expect(text).toContain('Secret `nats-client` in namespace `messaging` has user, password and ca.crt.');
    expect(text).toContain('A client certificate is in Secret `tls-nats-client-app`.');
    expect(text).toContain('`docs/connect.md`');
    expect(text).not.toContain('<details>');
  });

  test('describe access from outside if there is one', () => {
    const externalUrl = 'tls://203.0.113.7:4222';
    const report = deployReport(3, { externalUrl });
    expect(renderConnectionLines(report)[1]).toContain(externalUrl);
    expect(renderConnectionLines(report)).toHaveLength(3);
    expect(renderConnectionLines(deployReport())).toHaveLength(2);
    expect(renderConnection(report).text).toContain(`from outside at \`${externalUrl}\``);
    expect(renderConnection(deployReport()).text).not.toContain('outside');
  });
});

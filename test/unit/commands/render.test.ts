import { describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { clusterNames, configurationSecretName } from '../../../src/cluster/names.ts';
import { nameCertManagerObjects } from '../../../src/manifests/cert-manager.ts';
import { isRecord } from '../../../src/objects/json.ts';
import { canaries } from '../../support/failure.ts';
import { rendered } from '../support/rendered-files.ts';

const FORMATS = ['manifests', 'kustomize', 'helm'] as const;
const CONSENT = { allow: 'rendered-secrets' };

/** Inputs with every kind of secret, and a configuration that a server reads only when it starts. */
const SECRETS = {
  ...canaries,
  users: '[{user: a, password: canary-user}]',
  config: 'server_tags: [a]\nleafnodes { port: 7422, authorization { user: l, password: "canary-leaf" } }',
  files: 'a.conf: |\n  password: canary-file\n',
};
const WORDS = ['canary', Buffer.from('canary').toString('base64').slice(0, 6), 'PRIVATE KEY', '$2a$'];

const objects = (texts: ReadonlyMap<string, string>) =>
  [...texts].filter(([path]) => /^(?:optional\/)?[\w-]+-[\w-]+\.yaml$/.test(path)).map(([, text]) => recordOf(text));

const recordOf = (text: string): Readonly<Record<string, unknown>> => {
  const value: unknown = parse(text, { version: '1.1' });
  return isRecord(value) ? value : {};
};

describe('a rendering without `allow: rendered-secrets`', () => {
  test('has a file for each object except Secrets, and cert-manager resources that issue the mounted certificates', async () => {
    const { files, report } = await rendered({ replicas: '2', 'network-policy': 'true', metrics: 'true' });
    expect(files.map(({ path }) => path)).toEqual([
      'README.md',
      'certificate-nats-client-ca.yaml',
      'certificate-nats-route-ca.yaml',
      'certificate-nats-route-tls.yaml',
      'certificate-nats-server-tls.yaml',
      'issuer-nats-client-ca.yaml',
      'issuer-nats-route-ca.yaml',
      'issuer-nats-self-signed.yaml',
      'networkpolicy-nats.yaml',
      'optional/podmonitor-nats.yaml',
      'poddisruptionbudget-nats.yaml',
      'service-nats-0.yaml',
      'service-nats-1.yaml',
      'service-nats-headless.yaml',
      'service-nats.yaml',
      'statefulset-nats.yaml',
    ]);
    expect(report.files).toEqual(files.map(({ path }) => path));
  });

  test.each(FORMATS)('contains no secret as %s', async (format) => {
    const { files, texts, log, report } = await rendered({ ...SECRETS, 'render-format': format });
    const all = [...texts.values(), ...log, JSON.stringify(report)].join('\n');
    expect(WORDS.filter((word) => all.includes(word))).toEqual([]);
    expect(files.filter(({ isSecret }) => isSecret)).toEqual([]);
    expect(all).not.toMatch(/kind: "?Secret/);
  });

  test.each(FORMATS)('is byte for byte the same for the same inputs as %s', async (format) => {
    const [first, second] = await Promise.all([1, 2].map(() => rendered({ ...SECRETS, 'render-format': format })));
    expect(second?.files).toEqual(first?.files);
  });

  test('leaves out the objects of a user-provided certificate', async () => {
    const { texts, report } = await rendered({ 'server-tls-secret': 'web', 'route-tls-secret': 'peers' });
    expect([...texts.keys()].filter((path) => /^(?:issuer|certificate)/.test(path))).toEqual([]);
    expect(report.needed.map(({ text }) => text.slice(0, 20))).toEqual([
      'Secret `nats-config`',
      'Secret `web` (`tls.c',
      'Secret `peers` (`tls',
    ]);
  });

  test('makes cert-manager issue from the given CA', async () => {
    const pem = (kind: string) => `-----BEGIN ${kind}-----\nMIIB\n-----END ${kind}-----`;
    const given = { 'ca-certificate': pem('CERTIFICATE'), 'ca-private-key': pem('PRIVATE KEY') };
    const { texts, report } = await rendered(given);
    expect([...texts.keys()]).not.toContain('certificate-nats-client-ca.yaml');
    expect(recordOf(texts.get('issuer-nats-client-ca.yaml') ?? '')['spec']).toEqual({
      ca: { secretName: 'nats-client-ca' },
    });
    expect(report.needed.at(-1)?.text).toContain('Secret `nats-client-ca` (`tls.crt`, `tls.key`): your own CA');
  });

  test('lists all keys of the needed Secrets, and how to create them', async () => {
    const { texts, log, report } = await rendered({ files: 'a.conf: x' });
    expect(report.needed[0]?.text).toContain(
      'Secret `nats-config` (`nats.conf`, `a.conf`): of an earlier `command: deploy`',
    );
    expect(report.needed[0]?.text).toContain('server-tls-secret: nats-server-tls');
    for (const { text } of report.needed) expect(texts.get('README.md')).toContain(text);
    expect(log).toEqual([]);
  });

  test('mentions the facts that only a cluster knows', async () => {
    const { report } = await rendered({ 'service-type': 'LoadBalancer', metrics: 'true' });
    expect(report.notes.join('\n')).toMatch(/subject-alt-names[^]*Prometheus/);
    const plain = await rendered({ 'server-tls-secret': 'web', 'route-tls-secret': 'peers' });
    expect(plain.report.notes).toHaveLength(1);
  });
});

describe('a rendering with `allow: rendered-secrets`', () => {
  test('has every object that the pods mount or that other commands read', async () => {
    const { texts } = await rendered({ ...SECRETS, ...CONSENT });
    const names = clusterNames('nats');
    const secrets = objects(texts).filter(({ kind }) => kind === 'Secret');
    const found = secrets.map(({ metadata }) => String(isRecord(metadata) ? metadata['name'] : ''));
    expect(found.toSorted()).toEqual([
      names.caSecret,
      names.clientSecret,
      configurationSecretName('nats', 0),
      names.systemSecret,
      names.clientTlsSecret,
      names.routesTlsSecret,
      names.serverTlsSecret,
    ]);
  });

  test.each(FORMATS)('marks every file with a secret as %s, warns, and shows no secret in the log', async (format) => {
    const { files, texts, log, report, masks } = await rendered({ ...SECRETS, ...CONSENT, 'render-format': format });
    const secret = files.filter(({ path }) => /secret-|\.tgz$/.test(path)).map(({ path }) => path);
    expect(files.filter(({ isSecret }) => isSecret).map(({ path }) => path)).toEqual(secret);
    expect(texts.get('.gitignore')).toBe(secret.map((path) => `/${path}\n`).join(''));
    expect(log.at(-1)).toMatch(/^rendered-secrets: passwords and private keys are in out/);
    const open = files.filter(({ isSecret }) => !isSecret).map(({ path }) => texts.get(path) ?? '');
    const output = [...open, ...log, JSON.stringify(report)].join('\n');
    expect([...WORDS, ...masks].filter((word) => output.includes(word))).toEqual([]);
    expect(masks).toContain('canary-user');
  });

  test('differs between two runs only in issued material', async () => {
    const given = { ...canaries, ...CONSENT };
    const [first, second] = await Promise.all([rendered(given), rendered(given)]);
    const differing = [...first.texts].filter(([path, text]) => second.texts.get(path) !== text).map(([path]) => path);
    expect(differing.every((path) => path.startsWith('secret-'))).toBe(true);
    expect(differing).toContain('secret-tls-nats-server.yaml');
  });

  test('contains nothing of user-provided Secrets', async () => {
    const { texts, report } = await rendered({ ...CONSENT, 'server-tls-secret': 'web' });
    const client = recordOf(texts.get('secret-nats-client.yaml') ?? '');
    expect(Object.keys(isRecord(client['data']) ? client['data'] : {})).toEqual(['url', 'username', 'password']);
    expect([...texts.keys()]).not.toContain('secret-tls-nats-client.yaml');
    expect([...texts.keys()]).toContain('secret-tls-nats-routes.yaml');
    expect(report.needed.map(String)).toEqual([
      'Secret `web` (`tls.crt`, `tls.key`, `ca.crt`): your own Secret, which the inputs name',
    ]);
    expect(report.notes.join('')).toContain('Run `command: deploy` with the same inputs once');
  });

  test('has no cert-manager object', async () => {
    const { texts } = await rendered(CONSENT);
    const names: readonly string[] = Object.values(nameCertManagerObjects('nats'));
    expect([...texts.keys()].filter((path) => names.some((name) => path.includes(name)))).toEqual([]);
  });
});

describe('the rendered YAML', () => {
  test('is read in the same way by parsers of YAML 1.1', async () => {
    const odd = {
      yes: 'no',
      '12:30': '0x1F',
      'a b': '1_000',
      on: '~',
      long: `${'word '.repeat(60)}end`,
      lines: 'a\n b\n',
    };
    const overrides = stringify({ 'Service/client': { metadata: { annotations: odd } } });
    for (const format of ['manifests', 'kustomize'] as const) {
      const { texts } = await rendered({ overrides, 'render-format': format });
      expect(recordOf(texts.get('service-nats.yaml') ?? '')['metadata']).toMatchObject({ annotations: odd });
    }
  });

  test('is refused for overrides or a configuration that it cannot represent', async () => {
    await expect(rendered({ overrides: 'StatefulSet/servers: {spec: {replicas: 1}}' })).rejects.toThrow('replicas');
    await expect(rendered({ config: 'port: 4333' })).rejects.toThrow('port');
    await expect(rendered({ image: 'nats:2.9.25' })).rejects.toThrow('2.10 or newer');
  });
});

describe('the kustomize base', () => {
  test('lists every object that each cluster accepts, in the order of dependency', async () => {
    const { texts } = await rendered({ 'render-format': 'kustomize', metrics: 'true', ...CONSENT });
    const { resources, kind } = recordOf(texts.get('kustomization.yaml') ?? '');
    expect(kind).toBe('Kustomization');
    const listed = Array.isArray(resources) ? resources.map(String) : [];
    const present = [...texts.keys()].filter((path) => /^[\w-]+\.yaml$/.test(path) && path !== 'kustomization.yaml');
    expect(listed.toSorted()).toEqual(present);
    expect(listed[0]).toBe('secret-nats-authorities.yaml');
    expect(listed.at(-1)).toBe('statefulset-nats.yaml');
  });
});

import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../../src/cluster/spec.ts';
import { buildConfiguration } from '../../../../src/commands/desired/configuration.ts';
import type { Credentials, DeploymentCredentials } from '../../../../src/manifests/material.ts';
import { readTexts } from '../../../../src/nats/conf/settings/sources.ts';
import { ROTATION_PHASES, type RotationPhase } from '../../../../src/rotation/track.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { issue } from '../../support/issued-certificates.ts';
import { inPhase } from '../../support/phases.ts';
import { storedFrom } from '../../support/stored-material.ts';

const app: Credentials = { user: 'app', password: 'client-secret' };
const route: Credentials = { user: 'routes', password: 'route-secret' };
const credentials: DeploymentCredentials = {
  client: { phase: 'idle', current: app },
  route: { phase: 'idle', current: route },
  system: { user: 'sys', password: 'system-secret' },
  probe: { user: 'probe', password: 'probe-secret' },
  users: [],
  files: {},
};

async function textOf(overrides: Partial<ClusterSpec>, others: Partial<DeploymentCredentials> = {}): Promise<string> {
  const spec = clusterSpec(overrides);
  const { certificates } = await issue(spec);
  return buildConfiguration(spec, { ...credentials, ...others }, certificates).text;
}

const own = (text: string) => ({
  configuration: readTexts({ input: 'config', file: 'config', text, included: new Map() }),
});

describe('a custom configuration', () => {
  test('is part of nats.conf, and its revision depends on the values and not on the spelling', async () => {
    expect(await textOf({}, own('max_subscriptions: 77'))).toContain('max_subscriptions: 77');
    const texts = ['max_subscriptions: 77', 'MAX: 77, max_subscriptions: 78'].map(own);
    const { certificates } = await issue(clusterSpec());
    const revisions = texts.map(
      (more) => buildConfiguration(clusterSpec(), { ...credentials, ...more }, certificates).revision,
    );
    expect(new Set(revisions).size).toBe(2);
  });

  test.each(['port: 4223', 'a: 1, system_account: B'])('%s is refused with its line and column', async (text) => {
    const refused = textOf({}, own(text));
    await expect(refused).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      details: { violations: [{ input: 'config', at: { line: 1, column: text.startsWith('a') ? 7 : 1 } }] },
    });
  });
});

describe('the generated configuration', () => {
  test('has the same text and revision for the same stored material', async () => {
    const first = await issue(clusterSpec());
    const second = await issue(clusterSpec(), storedFrom(first), { days: 10 });
    expect(buildConfiguration(clusterSpec(), credentials, second.certificates)).toEqual(
      buildConfiguration(clusterSpec(), credentials, first.certificates),
    );
  });

  test('contains its own revision', async () => {
    const { certificates } = await issue(clusterSpec());
    const { text, revision } = buildConfiguration(clusterSpec(), credentials, certificates);
    expect(revision).toMatch(/^[0-9a-f]{12}$/);
    expect(text).toContain(revision);
  });

  test('has another revision for each change of its settings, users, files and certificates', async () => {
    const spec = clusterSpec();
    const first = await issue(spec);
    const renewed = await issue(spec, storedFrom(first), { days: 61 });
    const { certificates } = first;
    const another = { ...app, password: 'another' };
    const revisions = [
      buildConfiguration(spec, credentials, certificates),
      buildConfiguration(spec, credentials, renewed.certificates),
      buildConfiguration(spec, { ...credentials, client: { phase: 'idle', current: another } }, certificates),
      buildConfiguration(spec, { ...credentials, users: [{ user: 'orders', password: 'p' }] }, certificates),
      buildConfiguration(spec, { ...credentials, files: { 'a.conf': 'x' } }, certificates),
      buildConfiguration(spec, { ...credentials, files: { 'a.conf': 'y' } }, certificates),
      buildConfiguration({ ...spec, limits: { maxConnections: 7 } }, credentials, certificates),
      buildConfiguration({ ...spec, clientVerify: 'verify' }, credentials, certificates),
      buildConfiguration(spec, credentials, { ...certificates, clientTrust: certificates.routeTrust }),
    ].map(({ revision }) => revision);
    expect(new Set(revisions).size).toBe(revisions.length);
  });
});

describe('the JetStream configuration', () => {
  const jetstream = { volume: { size: '1Gi', bytes: 2 ** 30 }, memoryBytes: 7 };

  test('limits file storage to nine tenths of the volume, and memory to the given size', async () => {
    const text = await textOf({ jetstream });
    expect(text).toContain('store_dir: "/data/jetstream"\n  max_file_store: 966367641\n  max_memory_store: 7\n');
  });

  test('disables file storage without a volume, so that streams never fill the disk of the node', async () => {
    expect(await textOf({ jetstream: { memoryBytes: 7 } })).toContain('max_file_store: 0\n');
  });

  test.each([
    ['stands alone with one server', { replicas: 1, jetstream }, false],
    ['is clustered with several servers', { replicas: 2, jetstream }, true],
    [
      'stays clustered when a NATS cluster of several servers has only one left',
      { replicas: 1, jetstream, shape: 'cluster' as const },
      true,
    ],
    ['is clustered with one server without streams, so that more servers can join', { replicas: 1 }, true],
  ])('%s', async (_, overrides, isCluster) => {
    expect((await textOf(overrides)).includes('\ncluster: {')).toBe(isCluster);
  });
});

describe('the users during a rotation', () => {
  const next = { user: 'app-2', password: 'next-secret' };

  test.each<[RotationPhase, readonly string[]]>([
    ['idle', ['client-secret']],
    ['trust-both', ['client-secret', 'next-secret']],
    ['swap-leaves', ['client-secret', 'next-secret']],
    ['overlap', ['client-secret', 'next-secret']],
    ['drop-old', ['next-secret']],
  ])('in %s include the client passwords %j', async (phase, taken) => {
    const text = await textOf({}, { client: inPhase(phase, app, next) });
    expect(['client-secret', 'next-secret'].filter((password) => text.includes(password))).toEqual(taken);
  });

  test.each(ROTATION_PHASES)('in %s include the one pair of route credentials that servers send', async (phase) => {
    const newer = { user: 'routes', password: 'next-route-secret' };
    const text = await textOf({}, { route: inPhase(phase, route, newer) });
    const shown = phase === 'idle' || phase === 'trust-both' ? route : newer;
    const unasked = phase === 'trust-both' || phase === 'swap-leaves' || phase === 'overlap';
    const passwords = ['"route-secret"', '"next-route-secret"'].filter((password) => text.includes(password));
    expect(passwords).toEqual(unasked ? [] : [JSON.stringify(shown.password)]);
    expect(text).toContain(`:${shown.password}@`);
  });
});

describe('the named clients', () => {
  const clientCertificates = ['orders', 'app'];

  test('are users without a password if their certificate authenticates them', async () => {
    const text = await textOf({ clientVerify: 'verify-and-map', clientCertificates });
    expect(text.match(/"CN=orders"\n +}/)).not.toBeNull();
    expect(text.match(/"CN=app"/g)).toHaveLength(1);
  });

  test.each(['none', 'verify'] as const)('are not users if client-verify is %s', async (clientVerify) => {
    expect(await textOf({ clientVerify, clientCertificates })).not.toContain('orders');
  });
});

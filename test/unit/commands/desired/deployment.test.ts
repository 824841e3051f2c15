import { describe, expect, test } from '@jest/globals';
import type { ClusterSpec } from '../../../../src/cluster/spec.ts';
import { buildSpec, describeKeptImage } from '../../../../src/commands/desired/deployment.ts';
import type { DeployInputs } from '../../../../src/inputs/inputs.ts';
import { deployInputs } from '../../support/deploy-inputs.ts';

function specOf(overrides: Partial<DeployInputs> = {}, runningImage?: string): ClusterSpec {
  return buildSpec(deployInputs(overrides), 'messaging', runningImage);
}

describe('the image of a running cluster', () => {
  test.each([
    ['nats:2.12.15', 'because new clusters get a newer release'],
    ['registry.example.com/nats:2.14.0-alpine', 'from any registry'],
    ['nats:2.15.1', 'by a patch release'],
  ])('is reported as outdated: %s, %s', (image) => {
    expect(describeKeptImage({ image: undefined }, image)).toContain(`image ${image} is kept`);
  });

  test.each([
    ['is the default image', undefined, 'nats:2.15.2'],
    ['is newer than the default image', undefined, 'nats:2.16.0'],
    ['has no release in its tag', undefined, 'nats@sha256:0123'],
    ['was given as an input', 'nats:2.12.15', 'nats:2.12.15'],
  ])('is not reported if it %s', (_, image, running) => {
    expect(describeKeptImage({ image }, running)).toBeUndefined();
  });
});

describe('the spec of a cluster', () => {
  test.each<[string, string | undefined, string | undefined, string]>([
    ['uses the given image first', 'nats:2.12.15', 'nats:2.10.29', 'nats:2.12.15'],
    ['keeps a running image', undefined, 'nats:2.10.29', 'nats:2.10.29'],
    ['uses the default image for a new cluster', undefined, undefined, 'nats:2.15.2'],
  ])('%s', (_, asked, running, image) => {
    expect(specOf(asked === undefined ? {} : { image: asked }, running).image).toBe(image);
  });

  test('leaves out limits that are not set, so that nats-server uses its defaults', () => {
    expect(specOf().limits).toEqual({});
  });

  test.each<[Partial<DeployInputs>, Partial<ClusterSpec>]>([
    [{ name: 'other' }, { name: 'other' }],
    [{ replicas: 5 }, { replicas: 5 }],
    [{ antiAffinity: 'none' }, { antiAffinity: 'none' }],
    [{ resources: { limits: { cpu: '1' } } }, { resources: { limits: { cpu: '1' } } }],
    [{ securityContext: 'platform' }, { securityContext: 'platform' }],
    [{ networkPolicy: true }, { networkPolicy: true }],
    [{ metrics: true }, { metrics: true }],
    [
      { overrides: [{ kind: 'Service', role: 'pod', patch: {} }] },
      { overrides: [{ kind: 'Service', role: 'pod', patch: {} }] },
    ],
    [{ jetstream: true }, { jetstream: { volume: { size: '10Gi', bytes: 10 * 2 ** 30 }, memoryBytes: 0 } }],
    [
      { jetstream: true, jetstreamStorageClass: 'fast', jetstreamMemory: { quantity: '1Mi', bytes: 2 ** 20 } },
      { jetstream: { volume: { size: '10Gi', bytes: 10 * 2 ** 30, storageClass: 'fast' }, memoryBytes: 2 ** 20 } },
    ],
    [{ jetstream: true, jetstreamStorage: { quantity: '0', bytes: 0 } }, { jetstream: { memoryBytes: 0 } }],
    [{ debug: true }, { logging: { debug: true, trace: false, logtime: true } }],
    [{ trace: true }, { logging: { debug: false, trace: true, logtime: true } }],
    [{ logtime: false }, { logging: { debug: false, trace: false, logtime: false } }],
    [{ maxConnections: 100 }, { limits: { maxConnections: 100 } }],
    [{ maxControlLineBytes: 512 }, { limits: { maxControlLine: 512 } }],
    [{ maxPayloadBytes: 65_536 }, { limits: { maxPayload: 65_536 } }],
    [{ writeDeadlineMs: 2000 }, { limits: { writeDeadlineMs: 2000 } }],
    [{ keyAlgorithm: 'ed25519' }, { keyAlgorithm: 'ed25519' }],
    [{ clientUser: 'app' }, { clientUser: 'app' }],
    [{ routeUser: 'routes' }, { routeUser: 'routes' }],
    [
      { subjectAltNames: { dnsNames: ['nats.example.com'], ipAddresses: [] } },
      { subjectAltNames: { dnsNames: ['nats.example.com'], ipAddresses: [] } },
    ],
  ])('takes over the inputs %j', (overrides, expected) => {
    expect(specOf(overrides)).toEqual({ ...specOf(), ...expected });
  });
});

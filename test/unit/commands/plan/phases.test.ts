import { describe, expect, test } from '@jest/globals';
import type { Desired } from '../../../../src/commands/desired/desired.ts';
import { prepareCas } from '../../../../src/commands/issuance/cas.ts';
import { prepareCredentials } from '../../../../src/commands/issuance/credentials.ts';
import { describeCertificates, describePhases, planPhases } from '../../../../src/commands/plan/phases.ts';
import type { DeployInputs } from '../../../../src/inputs/inputs.ts';
import type { StoredMaterial } from '../../../../src/manifests/stored-material.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { deployInputs } from '../../support/deploy-inputs.ts';
import { AUTHORITY_TERMS, DAY_MS, NOW } from '../../support/issued-certificates.ts';
import { storedFrom, storedMaterial } from '../../support/stored-material.ts';

const spec = clusterSpec({ replicas: 2 });

/** Returns the phases of a deployment with these inputs. */
async function phasesOf(
  stored: StoredMaterial = storedMaterial(),
  { days = 0, isRunning = true, ...inputs }: Partial<DeployInputs> & { days?: number; isRunning?: boolean } = {},
): Promise<readonly Desired[]> {
  const now = new Date(NOW.getTime() + days * DAY_MS);
  const authorities = await prepareCas(spec, stored, {
    ...AUTHORITY_TERMS,
    now,
    given: undefined,
    isRunning,
  });
  const credentials = prepareCredentials(deployInputs(inputs), stored);
  const issuance = { certificateValidityMs: 90 * DAY_MS, renewBeforeMs: 30 * DAY_MS, forced: new Set([]) };
  const userProvided = { server: undefined, route: undefined };
  return await planPhases(
    { spec, userProvided, issuance, now, caOverlapMs: 7 * DAY_MS },
    { cas: authorities, credentials },
    stored,
  );
}

/** Returns the stored state after a deployment without inputs. */
async function deployed(): Promise<StoredMaterial> {
  const [first] = await phasesOf();
  if (first === undefined) throw new Error('no phase');
  const { client, route, system, probe } = first.tracks.credentials;
  return storedFrom(first.issued, { client, route, system, probe });
}

describe('the phases of a plan', () => {
  test('are a single one without a report if nothing rotates', async () => {
    const stored = await deployed();
    const phases = await phasesOf(stored);
    expect(phases).toHaveLength(1);
    expect({ phases: describePhases(phases, stored), issued: describeCertificates(phases, stored) }).toEqual({
      phases: [],
      issued: [],
    });
  });

  test('report the rotation that begins with this deployment, up to its first wait', async () => {
    const stored = await deployed();
    expect(describePhases(await phasesOf(stored, { clientUser: 'shop' }), stored)).toEqual([
      'rotation of the client user: trust-both (step 1 of 4)',
      'rotation of the client user: swap-leaves (step 2 of 4)',
      'rotation of the client user: overlap (step 3 of 4)',
    ]);
  });

  test('report nothing for a first deployment, in which nothing rotates', async () => {
    expect(describePhases(await phasesOf(), storedMaterial())).toEqual([]);
  });
});

describe('the certificates of a plan', () => {
  test('are reported with the reason for their renewal', async () => {
    const stored = await deployed();
    expect(describeCertificates(await phasesOf(stored, { days: 61 }), stored)).toEqual([
      'server certificate of nats: expires at 2026-05-30 12:00 UTC',
      'route certificate of nats-0: expires at 2026-05-30 12:00 UTC',
      'route certificate of nats-1: expires at 2026-05-30 12:00 UTC',
    ]);
  });

  test('include two new CAs for a first deployment', async () => {
    expect(describeCertificates(await phasesOf(), storedMaterial()).slice(0, 2)).toEqual([
      'CA for clients: a new one',
      'CA for routes: a new one',
    ]);
  });

  test.each([true, false])('are the same in repeated plans if a CA was lost (running: %j)', async (isRunning) => {
    const stored: StoredMaterial = { ...(await deployed()), clientCa: undefined };
    const lines = async () => describeCertificates(await phasesOf(stored, { isRunning }), stored);
    const first = await lines();
    expect(first).toContain('CA for clients: a new one');
    expect(await lines()).toEqual(first);
  });
});

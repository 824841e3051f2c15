import { describe, expect, test } from '@jest/globals';
import { buildDesired, type Desired } from '../../../../src/commands/desired/desired.ts';
import type { Tracks } from '../../../../src/commands/issuance/tracks.ts';
import { buildDeployReport, buildVerifyReport } from '../../../../src/commands/realization/outcome.ts';
import type { Ca } from '../../../../src/manifests/material.ts';
import type { DeployReport } from '../../../../src/report/reports.ts';
import type { RotationPhase, Track } from '../../../../src/rotation/track.ts';
import { clusterSpec } from '../../support/cluster-spec.ts';
import { currentOf, DAY_MS, issue, NOW } from '../../support/issued-certificates.ts';
import { liveState } from '../../support/live-state.ts';
import { materialFor } from '../../support/material.ts';
import { inPhase } from '../../support/phases.ts';

const spec = clusterSpec();
const inputs = { certificateValidityMs: 90 * DAY_MS, renewBeforeMs: 30 * DAY_MS, caOverlapMs: 7 * DAY_MS };
const gate = {
  pairs: [{ from: 'nats-0', to: 'nats-1', connections: 4, expected: 4, problem: undefined }],
  readyReplicas: 3,
  podUids: new Map(),
  versions: ['2.15.2'],
  metaLeader: 'nats-1',
  reloaded: [],
  restarted: [],
};
const after = (days: number) => new Date(NOW.getTime() + days * DAY_MS);

/** Returns a deployment whose client user is in this phase. */
async function desiredIn(phase: RotationPhase, custody: Ca['custody'] = 'cluster', days = 0): Promise<Desired> {
  const { authorities } = (await issue(spec)).certificates;
  const held = (track: Track<Ca> | undefined) =>
    ({ phase: 'idle', current: { ...currentOf(track), custody } }) as const;
  const { credentials } = materialFor(spec);
  const client = inPhase(phase, credentials.client.current, { user: 'next', password: 'p' });
  const tracks: Tracks = {
    cas: { client: held(authorities.client), route: held(authorities.route) },
    credentials: { ...credentials, client },
  };
  const issuance = { ...inputs, forced: new Set([]) };
  const userProvided = { server: undefined, route: undefined };
  const terms = { spec, userProvided, issuance, now: after(days) };
  return await buildDesired(terms, tracks, { server: undefined, routes: {}, clients: {} });
}

type ReportedRun = {
  readonly phase?: RotationPhase;
  readonly isChanged?: boolean;
  readonly earlierProofs?: DeployReport['earlierProofs'];
};

async function reported(
  command: 'deploy' | 'rotate',
  { phase = 'idle', isChanged = true, earlierProofs }: ReportedRun,
) {
  const { tracks, issued, configuration } = await desiredIn(phase);
  const { certificates, leaves } = issued;
  const result = { changed: [], reloaded: ['nats-1'], issued: issued.issued };
  const set = { updateRevision: 'nats-1', setVersion: '1' };
  const converged = { tracks, certificates, leaves, configuration, gate, ...set, ...result };
  const outcome = {
    command,
    isChanged,
    objects: ['Service/nats'],
    proofs: [],
    earlierProofs,
    inputs,
    phases: [],
    now: NOW,
    nodePort: undefined,
    disconnected: 'no client disconnected',
  };
  return buildDeployReport(spec, converged, outcome);
}

describe('the report of a run', () => {
  test.each<['deploy' | 'rotate', { readonly phase?: RotationPhase; readonly isChanged?: boolean }, string]>([
    ['deploy', {}, 'deployed'],
    ['deploy', { isChanged: false }, 'unchanged'],
    ['deploy', { phase: 'overlap' }, 'deployed'],
    ['deploy', { phase: 'overlap', isChanged: false }, 'unchanged'],
    ['rotate', {}, 'rotated'],
    ['rotate', { isChanged: false }, 'unchanged'],
    ['rotate', { phase: 'overlap' }, 'rotating'],
    ['rotate', { phase: 'trust-both', isChanged: false }, 'rotating'],
  ])('of %s with %j has the result %s', async (command, how, result) => {
    const report = await reported(command, how);
    expect(report).toMatchObject({
      result,
      changed: how.isChanged ?? true,
      rotationPhase: how.phase ?? 'idle',
      level: 'mesh',
      pairs: [{ from: 'nats-0', to: 'nats-1', connections: 4 }],
      changedObjects: ['Service/nats'],
      reloaded: ['nats-1'],
    });
  });

  test('has the time and the run of the earlier checks if this run changed nothing', async () => {
    const earlierProofs = { at: '2026-02-28T12:00:00.000Z', by: 'https://github.com/o/r/actions/runs/7' };
    const report = await reported('deploy', { isChanged: false, earlierProofs });
    expect(report).toMatchObject({ result: 'unchanged', proofs: [], earlierProofs });
  });

  test('contains no secret', async () => {
    const text = JSON.stringify(await reported('deploy', { phase: 'overlap' }));
    expect(text).not.toContain('PRIVATE KEY');
    expect(text).not.toContain('password"');
    expect(text).not.toContain('client password');
  });
});

describe('the time of the next renewal', () => {
  const look = async (phase: RotationPhase, custody?: Ca['custody'], days = 0) =>
    buildVerifyReport(spec, {
      ...(await desiredIn(phase, custody, days)),
      gate,
      proofs: ['messages pass'],
      live: liveState(),
      inputs,
      phases: [],
      now: after(days),
      nodePort: undefined,
    });

  test('is that of the first certificate', async () => {
    const report = await look('idle');
    expect(report).toMatchObject({ certificateNotAfter: after(90), renewalDue: after(60) });
  });

  test('is the end of the wait of a rotation', async () => {
    expect((await look('overlap')).renewalDue).toEqual(after(7));
  });

  test('is that of a CA of this action, but not of a user-provided CA', async () => {
    expect((await look('idle', 'cluster', 1725)).renewalDue).toEqual(after(1735));
    expect((await look('idle', 'user', 1725)).renewalDue).toEqual(after(1785));
  });
});

describe('the report of verify', () => {
  test('has no change, and the checks that verify made', async () => {
    const look = {
      ...(await desiredIn('drop-old')),
      gate,
      proofs: ['messages pass'],
      live: liveState(),
      inputs,
      phases: [],
      now: NOW,
      nodePort: undefined,
    };
    expect(buildVerifyReport(spec, look)).toMatchObject({
      result: 'verified',
      changed: false,
      level: 'mesh',
      rotationPhase: 'drop-old',
      versions: ['2.15.2'],
      changedObjects: [],
      reloaded: [],
      issued: [],
      proofs: ['messages pass'],
    });
  });

  test('covers only objects if the servers could not be observed', async () => {
    const look = {
      ...(await desiredIn('idle')),
      gate: undefined,
      proofs: ['messages pass'],
      live: liveState(),
      inputs,
      phases: [],
      now: NOW,
      nodePort: undefined,
    };
    expect(buildVerifyReport(spec, look)).toMatchObject({
      level: 'objects',
      versions: [],
      pairs: [],
      readyReplicas: 0,
    });
  });
});

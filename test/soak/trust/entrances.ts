import {
  renderCauseLines,
  renderDiagnosisFiles,
  renderEventLines,
  renderPodLines,
} from '../../../src/causes/bundle.ts';
import { findCauses } from '../../../src/causes/causes.ts';
import type { Facts } from '../../../src/causes/facts.ts';
import { redactFacts } from '../../../src/causes/facts.ts';
import { renderDiagnosis } from '../../../src/causes/markdown.ts';
import { renderInputChange } from '../../../src/change/input-change.ts';
import { decidePruning } from '../../../src/cluster/preview.ts';
import { describeWait, stillHeldError } from '../../../src/commands/lock/claim.ts';
import { ActionError, isActionError } from '../../../src/errors/action-error.ts';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import { createStatusError } from '../../../src/kubernetes/http-error.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { createNetworkError } from '../../../src/kubernetes/network-error.ts';
import { block } from '../../../src/nats/conf/reader/value.ts';
import { parseComplaints } from '../../../src/nats/conf/settings/complaints.ts';
import { decodeVarz } from '../../../src/nats/mesh/monitoring.ts';
import { decodeLease } from '../../../src/objects/lease.ts';
import { decodeObject } from '../../../src/objects/object.ts';
import { decodeEvent, decodePod } from '../../../src/objects/pod.ts';
import { buildPlanEnding, buildPruneEnding } from '../../../src/report/command-endings.ts';
import type { RunResult } from '../../../src/report/ending.ts';
import { buildDeployEnding } from '../../../src/report/ending.ts';
import type { PlanReport } from '../../../src/report/plan-summary.ts';
import type { DeployReport } from '../../../src/report/reports.ts';
import { renderEnding, reportFailure, writeFailure } from '../../../src/runner/failure.ts';
import type { Runner } from '../../../src/runner/runner.ts';
import { OutputGuard } from '../../../src/runner/stray-output.ts';
import { markForeignLines, markForeignText } from '../../../src/secrets/likely-secrets.ts';
import { fail } from '../../../src/servers/failure.ts';
import type { Draw } from '../../chaos/random.ts';
import { deployReport } from '../../unit/support/deploy-report.ts';
import { event, factsWith, inState, log, pod, terminated } from '../../unit/support/facts.ts';
import { objectChange, planReport } from '../../unit/support/plan-report.ts';

/** The path of an external text from its entrance to the output. */
export type Entrance = (text: string, runner: Runner, draw: Draw) => void;

const NOW = new Date('2026-03-01T12:00:00Z');
const LEASE = { name: 'nats-deploy', namespace: 'messaging' };
const ASKED = {
  server: 'https://api.example.com:6443',
  method: 'PATCH',
  credentials: { kind: 'kubeconfig' },
} as const;

export const ENTRANCES: Readonly<Record<string, Entrance>> = {
  'an input': (text, runner, draw) => {
    const { name = '' } = inputTable[draw.whole(0, inputTable.length - 1)] ?? {};
    const inputs = new Map([[name, text]]);
    tellIfRefused({ ...runner, inputs }, () => parseInputs(inputs));
  },
  'the name of a preview': (text, runner) => runner.info(`name: ${text} becomes x`),
  'a kubeconfig': (text, runner, draw) => {
    const [cluster, user, server] = draw.oneOf([
      [text, 'u', 'https://h'],
      ['c', text, 'https://h'],
      ['c', 'u', text],
    ]);
    const yaml = draw.chance(0.3)
      ? `clusters: []\n${text}`
      : JSON.stringify({
          clusters: [{ name: cluster, cluster: { server } }],
          users: [{ name: user, user: { token: 't' } }],
          contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
          'current-context': draw.oneOf(['x', text]),
        });
    tellIfRefused(runner, () => {
      const { server: url, context } = loadKubeConfig({ kind: 'content', yaml }, undefined, {});
      runner.info(`cluster ${url}, context ${context}`);
    });
  },
  'the holder of a Lease': (text, runner) => {
    const lease = decodeLease(objectOf('Lease', { spec: { holderIdentity: text, leaseDurationSeconds: 1 } }));
    runner.info(describeWait(LEASE, lease));
    reportFailure(stillHeldError(LEASE, lease, 1000), runner);
    writeFailure({ error: stillHeldError(LEASE, lease, 1000), run: undefined, diagnosis: undefined }, [], runner);
  },
  'the annotation of a Lease': (text, runner) => {
    const preview = {
      name: 'x',
      namespace: 'tenant',
      uid: 'u',
      resourceVersion: '1',
      expires: markForeignText(text, 256),
    };
    const { why } = decidePruning(preview, { keep: undefined, now: NOW });
    runner.info(`tenant/x: kept, because ${why}`);
    const staying = [{ preview: 'tenant/x', why }];
    const none = { pruned: [], failed: [], left: [], namespaces: [] };
    writeEnding(
      renderEnding({ kind: 'prune', namespace: undefined, ...none, staying } as const, buildPruneEnding, runner),
      runner,
    );
  },
  'an event': (text, runner) => {
    const { message } = decodeEvent(objectOf('Event', { message: text, reason: 'Failed' }));
    writeDiagnosis(factsWith([pod('nats-1')], { events: [event({ reason: 'FailedMount', message })] }), runner);
  },
  'a log': (text, runner) => {
    const lines = markForeignLines(text).split('\n').slice(-150);
    writeDiagnosis(factsWith([inState(terminated('Error', 1))], { logs: [log('nats-1', lines)] }), runner);
  },
  'the status of a pod': (text, runner) => {
    const conditions = [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: text }];
    const state = { waiting: { reason: 'CreateContainerError', message: text } };
    const status = { phase: 'Pending', conditions, containerStatuses: [{ name: 'nats', image: 'nats', state }] };
    writeDiagnosis(factsWith([decodePod(objectOf('Pod', { status }))]), runner);
  },
  'a response of the API server': (text, runner, draw) => {
    const status = draw.oneOf([400, 401, 403, 404, 409, 422, 429, 500, 503]);
    const causes = [{ reason: 'FieldManagerConflict', message: text, field: text }];
    const body = { kind: 'Status', reason: 'Invalid', message: text, details: draw.chance(0.5) ? { causes } : {} };
    tellFailure(
      createStatusError({ ...ASKED, path: '/apis/apps/v1', object: 'StatefulSet a/b' }, { status, body }),
      runner,
    );
  },
  'an admission webhook': (text, runner) => {
    const body = { kind: 'Status', message: `admission webhook "policy.example.com" denied the request: ${text}` };
    const asked = { ...ASKED, path: '/api/v1/namespaces/a/secrets/b', object: 'Secret a/b' };
    tellFailure(createStatusError(asked, { status: 403, body }), runner);
  },
  'a network error': (text, runner) => tellFailure(createNetworkError(ASKED.server, new Error(text)), runner),
  'a smoke test': (text, runner) => {
    const lines = text.split('\n').map((line) => markForeignText(line));
    lines.forEach((line) => runner.info(line));
    const message = `the smoke test ended with exit code 1; its last lines:\n${lines.slice(-20).join('\n')}`;
    tellFailure(new ActionError('SMOKE_TEST_FAILED', message, { hint: 'look', details: { exitCode: 1 } }), runner);
  },
  'a response of nats-server': (text, runner) => {
    const refusal = fail('RequestRefused', text);
    const varz = decodeVarz({ server_id: text, server_name: text, version: text, now: text, cluster: text });
    const message = `${refusal.ok ? '' : refusal.failure.message} ${varz.kind === 'decoded' ? '' : varz.message}`;
    const problems = ['nats-0', 'nats-1'].map((object) => ({
      object,
      reason: 'Reload',
      message: markForeignText(message),
    }));
    tellFailure(
      new ActionError('MESH_INCOMPLETE', problems.map((one) => one.message).join('; '), {
        hint: 'look',
        details: { problems },
      }),
      runner,
    );
  },
  'the configuration check of nats-server': (text, runner) => {
    const violations = parseComplaints(runner.redact(markForeignLines(`/dev/stdin:1:2: ${text}`)), block({}), 'config');
    const message = violations.map((one) => one.message).join('\n');
    tellFailure(new ActionError('INPUT_INVALID', message, { hint: 'correct it', details: { violations } }), runner);
  },
  'a plan': (text, runner, draw) => {
    // Names of objects are short, and so are the lines that the action writes itself.
    const short = text.slice(0, 4096);
    const [object, line] = draw.oneOf([
      [short, '-a'],
      ['Service/nats', short],
    ]);
    const objects = [objectChange({ object, diff: ['@@ -1,1 +1,1 @@', line, '+b'] })];
    const change = {
      input: 'image',
      from: short,
      to: 'b',
      change: 'rolling',
      since: '',
      unset: 'default',
      wayBack: 'open',
    } as const;
    runner.info(`change: ${renderInputChange(change)}`);
    const plan = draw.oneOf<Partial<PlanReport>>([
      { objects },
      { inputs: [text] },
      { consequences: [text] },
      { notes: [text] },
    ]);
    writeEnding(renderEnding(planReport({ changed: true, ...plan }), buildPlanEnding, runner), runner);
  },
  'a deployment': (text, runner, draw) => {
    const part = draw.oneOf<Partial<DeployReport>>([
      { externalUrl: text },
      { versions: [text] },
      { changedObjects: [text] },
      { issued: [text] },
    ]);
    const report = deployReport(1, part);
    writeEnding(
      renderEnding(report, (one) => buildDeployEnding(one, NOW), runner),
      runner,
    );
  },
  'the output of a library': (text, runner) => {
    const stream = { write: () => true };
    new OutputGuard([stream]).begin((line) => runner.info(line));
    Reflect.apply(stream.write, stream, [`${text}\n`]);
  },
  'titles and annotations': (text, runner) => {
    runner.section(text);
    runner.info('a line');
    runner.section(undefined);
    runner.debug(text);
    runner.warning(text, text);
    runner.error(text, text, { file: text, line: 1, column: 1 });
  },
  'an output': (text, runner) => {
    // The action shows an invalid name unchanged, unless it contains a long secret, because outputs consist of names.
    runner.setOutput('name', runner.redact(text));
  },
};

function objectOf(kind: string, fields: object) {
  const metadata = { name: 'nats-1', namespace: 'messaging', uid: 'u', resourceVersion: '1' };
  return decodeObject({ apiVersion: 'v1', kind, metadata, ...fields });
}

function tellIfRefused(runner: Runner, attempt: () => unknown): void {
  try {
    attempt();
  } catch (error) {
    tellFailure(error, runner);
  }
}

/** Reports a failure as `main.ts` does. */
function tellFailure(error: unknown, runner: Runner): void {
  reportFailure(error, runner);
  if (isActionError(error)) writeFailure({ error, run: undefined, diagnosis: undefined }, [], runner);
}

/** Writes a diagnosis as `command.ts` does. */
function writeDiagnosis(read: Facts, runner: Runner): void {
  const facts = redactFacts(read, runner.redact);
  const causes = findCauses(facts);
  const observed = { servers: ['nats-0', 'nats-1'], pairs: [], certificates: [] };
  const [root] = causes;
  const message = root?.message ?? 'the deadline passed';
  const error = new ActionError('WAIT_TIMEOUT', message, { hint: root?.hint ?? 'look', details: { problems: [] } });
  const diagnosis = {
    reason: root?.reason,
    ...renderDiagnosis(facts, causes, observed),
    servers: observed.servers,
    pairs: observed.pairs,
    pods: facts.pods,
  };
  writeFailure({ error, run: undefined, diagnosis }, renderDiagnosisFiles(facts, causes, observed), runner);
  runner.section('diagnosis');
  [
    ...renderCauseLines(facts, causes),
    ...facts.pods.flatMap(renderPodLines),
    ...renderEventLines(facts.events),
  ].forEach((line) => runner.info(line));
  reportFailure(error, runner);
}

/** Writes the report of a run as `command.ts` does. */
function writeEnding(ending: RunResult, runner: Runner): void {
  runner.section(undefined);
  runner.info(ending.verdict);
  ending.lines.forEach((line) => runner.info(line));
  runner.writeReport([{ name: 'report.json', text: ending.json }, ...(ending.files ?? [])]);
  runner.writeSummary(ending.summary.text);
}

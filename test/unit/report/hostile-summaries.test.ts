import { expect, test } from '@jest/globals';
import { renderDiagnosisFiles } from '../../../src/causes/bundle.ts';
import { findCauses } from '../../../src/causes/causes.ts';
import { renderDiagnosis } from '../../../src/causes/markdown.ts';
import { ActionError } from '../../../src/errors/action-error.ts';
import { renderReadme } from '../../../src/export/instructions.ts';
import { buildPlanEnding, buildPruneEnding, buildRenderingEnding } from '../../../src/report/command-endings.ts';
import { buildDeletionEnding } from '../../../src/report/ending.ts';
import { renderFailureSummary } from '../../../src/report/failure-summary.ts';
import { renderDeploySummary } from '../../../src/report/summary.ts';
import { md } from '../../../src/text/markdown.ts';
import { referencesIn, renderMarkdown } from '../../support/rendered-markdown.ts';
import { deployReport } from '../support/deploy-report.ts';
import { event, factsWith, inState, log, terminated } from '../support/facts.ts';
import { objectChange, planReport } from '../support/plan-report.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

/** Returns all Markdown that the action writes, with an external text at each possible place. */
function documentsWith(text: string): Readonly<Record<string, string>> {
  const problem = { object: text, reason: text, message: text };
  const error = new ActionError('APPLY_REJECTED', `The API server refuses Secret a/b: ${text}.`, {
    reason: text,
    hint: text,
    details: { problems: [problem, problem], evidence: [text] },
  });
  const failed = inState(terminated(text, 1, `nats-server: ${text}`));
  const facts = factsWith([failed], {
    events: [event({ reason: text, message: text })],
    logs: [log('nats-1', [text, `[ERR] ${text}`])],
    unread: [text],
  });
  const cause = { code: 'ROLLOUT_STALLED', reason: text, object: text, message: text } as const;
  const causes = [cause, cause].map((each) => ({ ...each, evidence: [text], hint: text, fatal: true, patienceMs: 0 }));
  const certificates = [{ name: text, notAfter: NOW, fingerprint256: text, issuer: text }];
  const observed = { servers: ['nats-0', text], pairs: [{ from: 'nats-0', to: text, connections: 4 }], certificates };
  const diagnosis = {
    reason: undefined,
    ...renderDiagnosis(facts, [...findCauses(facts), ...causes], observed),
    ...observed,
    pods: [{ name: text, ready: false, controllerRevision: text }],
  };
  const ended = {
    end: text,
    safety: text,
    hasBegun: true,
    changed: [text],
    hasRollback: false,
    verified: { at: '2026-11-25T23:35:39.000Z', by: text },
  };
  const run = {
    command: text,
    name: text,
    namespace: text,
    phase: text,
    phases: [{ name: text, ms: 1 }],
    outcome: ended,
  };
  const report = deployReport(3, {
    name: text,
    namespace: text,
    url: text,
    externalUrl: text,
    image: text,
    versions: [text],
    metaLeader: text,
    revision: text,
    clientSecret: text,
    certificates: [{ kind: 'client', name: text, notAfter: NOW }],
    inputChanges: [
      {
        input: text,
        from: text.slice(0, 40),
        to: undefined,
        change: 'reload',
        since: text,
        unset: 'default',
        wayBack: 'open',
      },
    ],
    changedObjects: [text],
    reloaded: [text],
    issued: [text],
    proofs: [text],
    phases: run.phases,
  });
  const plan = planReport({
    changed: true,
    name: text,
    namespace: text,
    inputs: [text],
    objects: [objectChange({ object: text, diff: ['@@ -1,1 +1,1 @@', `-${text}`, '+b'] })],
    consequences: [text],
    certificates: [text],
    rotation: [text],
    notes: [`another run holds the lock (${text})`],
  });
  const outcome = { preview: text, why: text };
  const left = [{ object: text, why: text }];
  const prune = {
    kind: 'prune',
    namespace: text,
    pruned: [outcome],
    staying: [outcome],
    namespaces: [text],
    left,
  } as const;
  const deletion = { kind: 'deletion', name: text, namespace: text, deleted: [text], left } as const;
  const needed = [{ name: text, keys: [text], source: md`yours, ${text}` }];
  const rendering = {
    name: text,
    namespace: text,
    image: text,
    configRevision: text,
    needed,
    notes: [md`note ${text}`],
  };
  const rendered = {
    name: text,
    namespace: text,
    format: 'helm',
    folder: text,
    files: [text],
    secretFiles: [],
    removed: [text],
    kept: [text],
    url: text,
    servers: [text],
    clientSecret: text,
    needed: [md`${text}`],
    notes: [md`${text}`],
    configRevision: '',
  };
  return {
    failure: renderFailureSummary({ error, run, diagnosis }).text,
    'failure of a mesh': renderFailureSummary({
      error: new ActionError('DRIFT', text, { hint: text, details: { problems: [problem] } }),
      run,
      diagnosis,
    }).text,
    deployment: renderDeploySummary(report, NOW).text,
    plan: buildPlanEnding(plan).summary.text,
    deletion: buildDeletionEnding(deletion).summary.text,
    prune: buildPruneEnding({ ...prune, failed: [] }).summary.text,
    'prune that failed': buildPruneEnding({ ...prune, failed: [{ preview: text, error }] }).summary.text,
    rendering: buildRenderingEnding(rendered).summary.text,
    'README.md': renderReadme({
      ...rendering,
      format: 'helm',
      hasSecrets: true,
      isBoundToNamespace: true,
      objectsAt: () => [],
    }),
    ...Object.fromEntries(
      renderDiagnosisFiles(facts, causes, observed).flatMap(({ name, text: content }) =>
        name.endsWith('.md') ? [[name, content]] : [],
      ),
    ),
  };
}

const HOSTILE: readonly (readonly [string, string])[] = [
  [
    'links and images',
    '[x](https://evil.example) ![x](https://evil.example/x.png) https://evil.example www.evil.example',
  ],
  ['references', '@octocat @org/security-team #1 org/repo#2 GH-3 :tada: mail@evil.example'],
  ['headings', 'denied\r\r# forged\r\n\r\n# ✅ forged\n\n\n# forged\u2028# forged\n===\n'],
  ['tags', '</pre></details><img src="https://evil.example/x"><h1>forged</h1><script>alert(1)</script><!--'],
  ['code', 'a` ``` ~~~ `b\n```mermaid\nflowchart LR\n  a --> b\n```\n'],
  ['cells', 'a\\|b | c || d\n--- | ---'],
];

test.each(HOSTILE)('%s in foreign texts do not change the structure of any document', async (_, text) => {
  // A message of several lines is laid out unchanged, in a fenced block.
  const benign = documentsWith(text.includes('\n') ? 'x\ny' : 'x');
  for (const [name, markdown] of Object.entries(documentsWith(text))) {
    const [rendered, expected] = await Promise.all([markdown, benign[name] ?? ''].map(renderMarkdown));
    const structure = (elements: readonly string[] = []) => elements.filter((each) => each !== 'br' && each !== 'code');
    expect([name, structure(rendered?.elements)]).toEqual([name, structure(expected?.elements)]);
    expect([name, rendered && referencesIn(rendered)]).toEqual([name, []]);
    expect(rendered?.attributes).toEqual(expected?.attributes);
  }
});

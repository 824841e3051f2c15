import { type ChangeClass, CONSEQUENCES } from '../change/input-change.ts';
import type { ObjectChange } from '../forecast/object-change.ts';
import type { ServerEffects } from '../forecast/server-effects.ts';
import type { RotationPhase } from '../rotation/track.ts';
import { code, EMPTY, fenced, folded, joinMarkdown, type Markdown, md, strong, table } from '../text/markdown.ts';

/** The changes that `deploy` would make; the report contains no secret. */
export type PlanReport = {
  readonly result: 'planned' | 'unchanged';
  /** Whether `deploy` would change anything. */
  readonly changed: boolean;
  /** The change with the greatest effect; undefined when nothing changes. */
  readonly change: ChangeClass | undefined;
  /**
   * The scope of the plan. `objects`: the API server checked each object. `none`: the API server could not check them,
   * because the namespace does not exist.
   */
  readonly level: 'objects' | 'none';
  readonly name: string;
  readonly namespace: string;
  readonly createsNamespace: boolean;
  readonly url: string;
  readonly externalUrl: string | undefined;
  readonly image: string;
  readonly servers: readonly string[];
  readonly readyReplicas: number;
  readonly clientSecret: string;
  readonly configRevision: string;
  /** The phase in which the rotation would be after `deploy`. */
  readonly rotationPhase: RotationPhase;
  /**
   * The facts about the running servers. Undefined if `deploy` would change their configuration or certificates,
   * because the facts would change too.
   */
  readonly running:
    | {
        readonly revision: string;
        readonly clientTrust: string;
        readonly certificateNotAfter: Date;
        readonly renewalDue: Date;
      }
    | undefined;
  /** The lines about the inputs that differ from the last deployment. */
  readonly inputs: readonly string[];
  readonly objects: readonly ObjectChange[];
  readonly effects: ServerEffects;
  /** The effects as texts. */
  readonly consequences: readonly string[];
  /** The certificates that would be issued, with the reason. */
  readonly certificates: readonly string[];
  /** The rotation phases that would be completed. */
  readonly rotation: readonly string[];
  /** The notes for the user before a deployment. */
  readonly notes: readonly string[];
};

/** Returns everything that `deploy` would report as changed, as `Kind/name`. */
export function listChangedNames({ objects, effects }: Pick<PlanReport, 'objects' | 'effects'>): readonly string[] {
  return [...objects.map(({ object }) => object), ...effects.replaced.map((pod) => `Pod/${pod}`)];
}

/** Returns the plan in a few words. */
export function renderPlanVerdict(report: PlanReport): string {
  const { changed, consequences } = report;
  const servers = consequences.length === 0 ? CONSEQUENCES.objects : consequences.join('; ');
  return changed ? `${renderChanges(report)}, ${servers}` : renderChanges(report);
}

function renderChanges({ changed, objects, createsNamespace }: PlanReport): string {
  if (!changed) return 'nothing would change';
  const count = `${objects.length} ${objects.length === 1 ? 'object' : 'objects'}`;
  return `${createsNamespace ? `the namespace and ${count}` : count} would change`;
}

/** Returns one log line for each object, with columns aligned by spaces. */
export function renderObjectLines({ objects }: PlanReport): readonly string[] {
  const width = (cells: readonly string[]): number => Math.max(0, ...cells.map(({ length }) => length));
  const [names, actions] = [width(objects.map(({ object }) => object)), width(objects.map(({ action }) => action))];
  return objects.map(({ object, action, change }) => `${action.padEnd(actions)}  ${object.padEnd(names)}  ${change}`);
}

/** Returns the facts of the plan except the objects. Each line begins with its topic. */
export function renderFactLines(report: PlanReport): readonly string[] {
  const lines = (title: string, texts: readonly string[]): readonly string[] =>
    texts.map((text) => `${title}: ${text}`);
  return [
    ...lines('servers', report.consequences),
    ...lines('certificates', report.certificates),
    ...lines('rotation', report.rotation),
    ...lines('note', report.notes),
  ];
}

/** Returns the lines of one unified diff of all objects. */
export function renderDiffLines({ objects }: Pick<PlanReport, 'objects'>): readonly string[] {
  return objects.flatMap(renderWholeDiff);
}

function renderWholeDiff({ object, action, diff }: ObjectChange): readonly string[] {
  const before = action === 'create' ? '/dev/null' : `${object} (now)`;
  return diff.length === 0 ? [] : [`--- ${before}`, `+++ ${object} (planned)`, ...diff];
}

/**
 * Builds the plan as Markdown: the effects first, then each difference, folded. Differences that exceed the size are
 * omitted.
 */
export function renderPlan(report: PlanReport, mostCharacters: number): Markdown {
  const { name, namespace, objects } = report;
  const head = md`## 📋 Plan for NATS cluster ${code(name)} in namespace ${code(namespace)}: ${renderChanges(report)}

${renderList('', report.consequences)}${renderList('Inputs that differ from the last deployment', report.inputs)}${renderList('Certificates that would be issued', report.certificates)}${renderList('Rotation', report.rotation)}${renderList('Notes on this plan', report.notes)}${renderObjectTable(objects)}`;
  const details = objects.map(renderDiff);
  let left = mostCharacters - MAX_REST - head.text.length;
  const fitting = details.findIndex(({ text }) => {
    left -= text.length;
    return left < 0;
  });
  if (fitting === -1) return joinMarkdown([head, ...details]);
  const rest = md`\n${objects.length - fitting} more differences are in the log, and in ${code('plan.diff')} of the report.\n`;
  return joinMarkdown([head, ...details.slice(0, fitting), rest]);
}

/** The space for the line about omitted differences. */
const MAX_REST = 200;

function renderList(title: string, items: readonly string[]): Markdown {
  if (items.length === 0) return EMPTY;
  return md`${title === '' ? EMPTY : md`${strong(title)}\n\n`}${items.map((item) => md`- ${item}\n`)}\n`;
}

function renderObjectTable(objects: readonly ObjectChange[]): Markdown {
  if (objects.length === 0) return EMPTY;
  const rows = objects.map(({ object, action, change }) => [code(object), action, change]);
  const classes = [...new Set(objects.map(({ change }) => change))];
  return md`${table(['object', 'action', 'effect'], rows)}\n${renderList(
    '',
    classes.map((change) => `\`${change}\`: ${CONSEQUENCES[change]}`),
  )}`;
}

function renderDiff(change: ObjectChange): Markdown {
  const { object, action, diff } = change;
  return diff.length === 0 ? EMPTY : folded(`${object}: ${action}`, fenced('diff', renderWholeDiff(change).join('\n')));
}

import { parse, parseAllDocuments, stringify } from 'yaml';
import type { Snippet } from './snippets.ts';

/** A step of a workflow that runs this action. */
export type ActionStep = {
  /** The `with:` of the step, as parsed YAML. */
  readonly inputs: Readonly<Record<string, unknown>>;
};

/** The names of this action in documents, and in this repository's own workflows. */
const NAMES: readonly string[] = ['OWNER/nats-cluster-action@v1', './'];

/**
 * The type of a YAML snippet, by its form: a workflow or a part of one, inputs of the action (the content of its
 * `with:`), a part of a pod, or objects of Kubernetes.
 */
export type YamlSnippet =
  | { readonly kind: 'workflow'; readonly steps: readonly ActionStep[]; readonly workflow: string }
  | { readonly kind: 'inputs'; readonly inputs: Readonly<Record<string, unknown>> }
  | { readonly kind: 'pod'; readonly env: readonly unknown[]; readonly volumes: readonly unknown[] }
  | { readonly kind: 'objects'; readonly objects: readonly Readonly<Record<string, unknown>>[] };

/**
 * Parses a snippet. A part of a workflow is completed with the parts around it in a document.
 * @throws Error for YAML that does not parse, and for any other type
 */
export function yamlSnippet(snippet: Snippet): YamlSnippet {
  const objects = parseAllDocuments(snippet.text).map((each) => fieldsOf(parse(String(each))));
  if (objects.every((object) => 'apiVersion' in object)) {
    return { kind: 'objects', objects };
  }
  const document: unknown = parse(snippet.text);
  const fields = fieldsOf(document);
  if (Array.isArray(document)) {
    const first = { id: 'nats', uses: NAMES[0] };
    return workflowOf({ jobs: { job: { ...ANY_JOB, steps: [first, ...document] } } });
  }
  if ('jobs' in fields) {
    return workflowOf(fields);
  }
  if ('env' in fields && 'volumes' in fields) {
    return { kind: 'pod', env: listOf(fields['env']), volumes: listOf(fields['volumes']) };
  }
  if (Object.keys(fields).length === 0) {
    throw new Error(
      `${snippet.document}:${snippet.line}: this is neither a workflow, nor inputs, nor a part of a pod, nor an object`,
    );
  }
  return { kind: 'inputs', inputs: fields };
}

/** Returns the steps of a workflow that run this action. */
export function actionSteps(workflow: unknown): readonly ActionStep[] {
  const jobs = Object.values(fieldsOf(fieldsOf(workflow)['jobs']));
  const steps = jobs.flatMap((job) => listOf(fieldsOf(job)['steps'])).map(fieldsOf);
  return steps
    .filter((step) => NAMES.some((name) => name === step['uses']))
    .map((step) => ({ inputs: fieldsOf(step['with']) }));
}

const ANY_JOB = { 'runs-on': 'ubuntu-24.04', 'timeout-minutes': 20 };

function workflowOf(fields: Readonly<Record<string, unknown>>): YamlSnippet {
  const whole = { name: 'Snippet', on: 'push', permissions: {}, ...fields };
  return { kind: 'workflow', steps: actionSteps(whole), workflow: stringify(whole, { lineWidth: 0 }) };
}

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : {};
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

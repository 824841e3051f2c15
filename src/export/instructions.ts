import { code, fenced, joinMarkdown, type Markdown, md } from '../text/markdown.ts';
import type { Rendering } from './rendering.ts';

/** Returns the README.md of a rendering: how to use the files, and the objects that must exist first. */
export function renderReadme(rendering: Rendering): string {
  const { name, namespace } = rendering;
  return joinParagraphs([
    md`# NATS cluster ${code(name)} for namespace ${code(namespace)}\n`,
    md`Rendered by nats-cluster-action (\`command: render\`). A later rendering replaces these files.\n`,
    fenced('sh', renderCommand(rendering)),
    ...(rendering.hasSecrets ? [SECRETS_WARNING] : []),
    ...renderNeeded(rendering),
    ...rendering.notes.map((note) => md`${note}\n`),
    VERIFICATION,
  ]);
}

/** Returns the required Secrets and the notes, for the output of `helm install`. */
export function renderNotes(rendering: Rendering): string {
  return joinParagraphs([...renderNeeded(rendering), ...rendering.notes.map((note) => md`${note}\n`), VERIFICATION]);
}

function joinParagraphs(parts: readonly Markdown[]): string {
  return joinMarkdown(parts, '\n').text;
}

/** Returns one line for each Secret that must exist. */
export function renderNeededLines({ needed }: Pick<Rendering, 'needed'>): readonly Markdown[] {
  return needed.map(
    ({ name, keys, source }) => md`Secret ${code(name)} (${joinMarkdown(keys.map(code), ', ')}): ${source}`,
  );
}

/**
 * Returns the command that applies the files. kubectl uses the field manager of the action, so that a later `deploy`
 * does not find fields of another manager.
 */
function renderCommand({ format, name, namespace }: Rendering): string {
  switch (format) {
    case 'manifests':
      return `${APPLY} --filename .`;
    case 'kustomize':
      return `${APPLY} --kustomize .`;
    case 'helm':
      return `helm upgrade --install ${name} . --namespace ${namespace}`;
  }
}

const APPLY = 'kubectl apply --server-side --field-manager nats-cluster-action';

function renderNeeded(rendering: Rendering): readonly Markdown[] {
  const lines = renderNeededLines(rendering);
  return lines.length === 0
    ? []
    : [
        md`These Secrets are not among the files, and must exist in namespace ${code(rendering.namespace)}:\n`,
        joinMarkdown(lines.map((line) => md`- ${line}\n`)),
      ];
}

const SECRETS_WARNING = md`**The Secrets are among the files, with passwords and private keys: do not commit them.** Each rendering issues new ones, and a new CA cuts running servers off from each other: apply the Secrets once, for a new cluster. From then on, \`command: rotate\` renews what is due.\n`;

const VERIFICATION = md`Nothing here is verified yet. Run \`command: verify\` once the servers run, to verify the mesh; \`command: deploy\` with the same inputs takes the cluster over (with \`allow: conflicts\` if another tool has applied it).\n`;

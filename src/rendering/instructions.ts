import type { Rendering } from './rendering.ts';

/** README.md of what was rendered: what to do with it, and what has to be there first. */
export function readmeOf(rendering: Rendering): string {
  const { name, namespace } = rendering;
  return [
    `# NATS cluster \`${name}\` for namespace \`${namespace}\``,
    'Rendered by nats-cluster-action (`command: render`). A later rendering replaces these files.',
    `\`\`\`sh\n${commandOf(rendering)}\n\`\`\``,
    ...(rendering.hasSecrets ? [SECRETS_ARE_HERE] : []),
    ...neededParagraphs(rendering),
    ...rendering.notes,
    PROVE,
  ]
    .map((paragraph) => `${paragraph}\n`)
    .join('\n');
}

/** The same after `helm install`, in short. */
export function notesOf(rendering: Rendering): string {
  const paragraphs = [...neededParagraphs(rendering), ...rendering.notes, PROVE];
  return paragraphs.map((paragraph) => `${paragraph}\n`).join('\n');
}

/** One line for each Secret that has to be there. */
export function neededLines({ needed }: Pick<Rendering, 'needed'>): readonly string[] {
  return needed.map(({ name, keys, source }) => `Secret \`${name}\` (${keys.map(code).join(', ')}): ${source}`);
}

/** Applied as the Action itself applies, so that a `deploy` that follows finds nobody else's fields. */
function commandOf({ format, name, namespace }: Rendering): string {
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

function neededParagraphs(rendering: Rendering): readonly string[] {
  const lines = neededLines(rendering);
  return lines.length === 0
    ? []
    : [
        `Not among the files, and needed in namespace \`${rendering.namespace}\`:`,
        lines.map((line) => `- ${line}`).join('\n'),
      ];
}

const SECRETS_ARE_HERE =
  '**The Secrets are among the files, with passwords and private keys: do not commit them.** Each rendering issues them anew, and another authority cuts running servers off from each other: apply them once, for a new cluster. From then on `command: rotate` replaces what is due.';

const PROVE =
  'Nothing here is proved yet. `command: verify` proves the mesh once it runs; `command: deploy` with the same inputs takes it over (with `allow: conflicts` where somebody else has applied it).';

function code(text: string): string {
  return `\`${text}\``;
}

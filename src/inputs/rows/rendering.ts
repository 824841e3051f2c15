import { choice } from '../grammar/choice.ts';
import { accept, defineOptionalRow, defineRow, type Grammar, refuse, type ValueOf } from '../grammar/row.ts';

/** The path of the folder to which the Action writes files. */
const directoryPath: Grammar<string> = {
  expected: 'the path of a folder, in one line of at most 1024 characters',
  example: 'deploy/nats',
  typing: { type: 'string' },
  parse: (text) => (/^[^\p{Cc}{}]{1,1024}$/u.test(text) ? accept(text) : refuse()),
};

const group = 'Rendering';
const commands = ['render'] as const;

const RENDER_FORMATS = ['manifests', 'kustomize', 'helm'] as const;
export type RenderFormat = (typeof RENDER_FORMATS)[number];

export const renderingRows = {
  outputDirectory: defineOptionalRow(directoryPath, {
    name: 'output-directory',
    group,
    description:
      'Folder for the files, in the workspace or in `RUNNER_TEMP`. It is created if it is missing. Files that an earlier `render` wrote are replaced or removed; other files stay.',
    required: 'with `command: render`',
    guide: 'docs/rendering.md#the-folder',
    commands,
  }),
  renderFormat: defineRow(choice(RENDER_FORMATS), {
    name: 'render-format',
    group,
    description:
      'Format of the files: `manifests` (for `kubectl apply --filename`), `kustomize` (a base), or `helm` (a chart, also packaged).',
    guide: 'docs/rendering.md',
    default: 'manifests',
    commands,
  }),
} as const;

export function readRendering(valueOf: ValueOf) {
  return {
    /** The folder; the empty string occurs only in inputs that are refused. */
    outputDirectory: valueOf(renderingRows.outputDirectory) ?? '',
    renderFormat: valueOf(renderingRows.renderFormat),
  } as const;
}

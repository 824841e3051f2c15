import { gunzipSync } from 'node:zlib';
import { render } from '../../../src/commands/render.ts';
import type { Rendering } from '../../../src/export/rendering.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';
import type { RenderReport } from '../../../src/report/reports.ts';
import type { OutputFile } from '../../../src/runner/output-files.ts';
import type { KnownSecret } from '../../../src/secrets/masks.ts';
import { NOW } from './issued-certificates.ts';

export type Rendered = {
  readonly report: RenderReport;
  readonly files: readonly OutputFile[];
  /** The files by path; packaged files are unpacked. */
  readonly texts: ReadonlyMap<string, string>;
  readonly log: readonly string[];
  readonly masks: readonly string[];
};

/** Returns the files that `render` writes for these inputs. */
export async function rendered(given: Readonly<Record<string, string>> = {}): Promise<Rendered> {
  const inputs = new Map(Object.entries({ command: 'render', 'output-directory': 'out', ...given }));
  const parsed = parseInputs(inputs);
  if (parsed.command !== 'render') throw new TypeError('another command than render');
  const [files, log, masks]: [OutputFile[], string[], string[]] = [[], [], []];
  const runner = {
    inputs,
    now: () => NOW,
    info: (line: string) => void log.push(line),
    warning: (title: string, line: string) => void log.push(`${title}: ${line}`),
    hide: (secret: KnownSecret) => void masks.push(secret.text),
    writeFolder: async (folder: string, written: readonly OutputFile[]) => {
      files.push(...written);
      return await Promise.resolve({ folder, removed: [], kept: [] });
    },
  };
  const report = await render({ inputs: parsed, runner });
  return { report, files, texts: new Map(files.map((file) => [file.path, textOf(file)])), log, masks };
}

function textOf({ path, content }: OutputFile): string {
  if (typeof content === 'string') return content;
  return (path.endsWith('.tgz') ? gunzipSync(content) : Buffer.from(content)).toString('utf8');
}

/** Builds a rendering of no object; a test states only its content. */
export function emptyRendering(overrides: Partial<Rendering> = {}): Rendering {
  return {
    format: 'manifests',
    name: 'nats',
    namespace: 'messaging',
    image: 'nats:2.15.2',
    configRevision: '0123456789ab',
    hasSecrets: false,
    isBoundToNamespace: false,
    objectsAt: () => [],
    needed: [],
    notes: [],
    ...overrides,
  };
}

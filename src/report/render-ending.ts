import type { Ending } from './ending.ts';
import { code, EMPTY, joined, type Markdown, md, table } from './markdown.ts';
import type { RenderReport } from './render-report.ts';

export function renderEnding(report: RenderReport): Ending {
  const { name, namespace, format, folder, files, secretFiles, removed, kept, needed, notes } = report;
  const said = `rendered as ${format}, ${files.length} files${secretFiles.length > 0 ? ' with secrets' : ''}`;
  const rows = files.map((path) => [code(path), secretFiles.includes(path) ? 'secret' : '']);
  const below = needed.length === 0 ? EMPTY : md`Needed beside them:\n\n${needed.map((line) => md`- ${line}\n`)}\n`;
  return {
    verdict: `${name}: ${said}`,
    lines: [
      ...files.map((path) => `wrote: ${path}`),
      ...removed.map((path) => `removed: ${path}, of an earlier rendering`),
      ...kept.map(
        (path) => `kept: ${path}, which an earlier rendering may have written, because its content changed since`,
      ),
      ...needed.map((line) => `needed: ${plain(line)}`),
      ...notes.map((note) => `note: ${plain(note)}`),
      `in ${folder}; README.md there says how to go on`,
    ],
    outputs: [
      ['result', 'rendered'],
      ['changed', false],
      ['namespace', namespace],
      ['url', report.url],
      ['servers', JSON.stringify(report.servers)],
      ['client-secret', report.clientSecret],
      ['config-revision', report.configRevision],
      ['files', JSON.stringify(files)],
    ],
    summary: joined([
      md`## ✅ NATS cluster ${code(name)} for namespace ${code(namespace)}: ${said}\n\n`,
      below,
      ...notes.map((note) => md`${note}\n\n`),
      table(['file', ''], rows),
    ]),
    json: `${JSON.stringify({ result: 'rendered', changed: false, ...report }, undefined, 2)}\n`,
  };
}

/** Returns Markdown of a few words and code spans as plain text for a log. */
function plain({ text }: Markdown): string {
  return text.replaceAll('`', '');
}

import type { Ending } from './ending.ts';
import type { RenderReport } from './render-report.ts';

export function renderEnding(report: RenderReport): Ending {
  const { name, namespace, format, folder, files, secretFiles, removed, kept, needed, notes } = report;
  const said = `rendered as ${format}, ${files.length} files${secretFiles.length > 0 ? ' with secrets' : ''}`;
  const rows = files.map((path) => `| \`${path}\` | ${secretFiles.includes(path) ? 'secret' : ''} |`);
  const below = needed.length === 0 ? [] : ['Needed beside them:', '', ...needed.map((line) => `- ${line}`), ''];
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
    summary: [
      `## ✅ NATS cluster \`${name}\` for namespace \`${namespace}\`: ${said}`,
      '',
      ...below,
      ...notes.flatMap((note) => [note, '']),
      '| file | |',
      '| --- | --- |',
      ...rows,
      '',
    ].join('\n'),
    json: `${JSON.stringify({ result: 'rendered', changed: false, ...report }, undefined, 2)}\n`,
  };
}

/** A log shows Markdown as it is written. */
function plain(markdown: string): string {
  return markdown.replaceAll('`', '');
}

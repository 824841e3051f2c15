import { referencesIn, renderMarkdown } from '../../support/rendered-markdown.ts';
import { readAsRunner } from '../../support/runner-grammar.ts';
import { leaksIn } from './canaries.ts';
import type { Left } from './scene.ts';

/** The HTML elements that documents of the action may contain. */
const ELEMENTS = new Set(
  'h1 h2 h3 p strong b code pre table thead tbody tr th td br details summary ul li ol hr'.split(' '),
);
const ATTRIBUTE = /^(?:code class=language-\w+|(?:th|td) align=\w+|ol start=1)$/;
const COUNTED = ['debug', 'warning', 'error', 'notice', 'set-output'];
const ALLOWED = new Set([...COUNTED, 'group', 'endgroup']);

/** Returns the faults in the output of a run: leaks, forbidden commands, and forbidden Markdown. */
export async function findFaults({ written, summary, files, asked }: Left): Promise<readonly string[]> {
  const { commands, shown, stoppedUntil } = readAsRunner(written);
  const names = commands.map(({ name }) => name);
  const counts = COUNTED.map((name) => [name, names.filter((one) => one === name).length, asked[name] ?? 0] as const);
  const documents = Object.fromEntries(Object.entries(files).filter(([name]) => name.endsWith('.md')));
  return [
    ...(stoppedUntil === undefined ? [] : ['command: stop-commands']),
    ...names.filter((name) => !ALLOWED.has(name)).map((name) => `command: ${name}`),
    ...counts.flatMap(([name, done, wanted]) =>
      done === wanted ? [] : [`command: ${name} ${done} times, not ${wanted}`],
    ),
    ...findLeakFaults([...shown, summary, ...Object.values(files)].join('\n')),
    ...(/::error title=INTERNAL/.test(written) ? ['INTERNAL'] : []),
    ...(await findDocumentFaults({ ...documents, summary })),
  ];
}

/** Returns a fault for each canary in a text. */
export function findLeakFaults(text: string): readonly string[] {
  return [...new Set(leaksIn(text))].map((mark) => `leak: ${mark}`);
}

/** Returns the faults in documents, which come from the texts of other authors. `documents` has them by name. */
export async function findDocumentFaults(documents: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const faults = Object.entries(documents).map(async ([name, text]) => await findMarkdownFaults(name, text));
  return (await Promise.all(faults)).flat();
}

async function findMarkdownFaults(name: string, markdown: string): Promise<readonly string[]> {
  if (markdown.trim() === '') return [];
  const rendered = await renderMarkdown(markdown);
  const titles = rendered.elements.filter((element) => element === 'h1').length;
  const faults = [
    ...(titles > (name === 'causes.md' ? 1 : 0) ? ['a heading'] : []),
    ...rendered.elements.filter((element) => !ELEMENTS.has(element)).map((element) => `<${element}>`),
    ...rendered.attributes.filter((attribute) => !ATTRIBUTE.test(attribute)),
    ...referencesIn(rendered).map((text) => `reference in ${JSON.stringify(text.slice(0, 80))}`),
  ];
  return faults.map((fault) => `Markdown: ${name}: ${fault}`);
}

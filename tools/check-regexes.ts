import './node-version.js';
import process from 'node:process';
import { analyse } from 'scslre';
import { EXCEPTIONS, type RegexException } from './regexes/exceptions.ts';
import { findRegexes, type RegexLiteral } from './regexes/literals.ts';
import { restartsIn } from './regexes/restarts.ts';

// Fails for every regular expression of the action that may take more than linear time for some text. The action
// matches them against logs, events, replies and inputs of other authors, and a slow match blocks all other code.

const { literals, made } = await findRegexes('src');
const problems = [
  ...literals.flatMap((literal) => {
    const found = superLinearParts(literal);
    return found.length === 0 ? [] : [{ ...literal, found: found.join(', ') }];
  }),
  ...made.map((file) => ({ file, source: undefined, found: 'it is built from text, so it cannot be checked' })),
];
const unexcused = problems.filter((problem) => !EXCEPTIONS.some((exception) => isAbout(exception, problem)));
const stale = EXCEPTIONS.filter((exception) => !problems.some((problem) => isAbout(exception, problem)));
for (const { file, source, found } of unexcused) {
  process.stdout.write(`${file}: ${source === undefined ? 'RegExp()' : `/${source}/`}: ${found}\n`);
}
for (const { file, source = 'RegExp()' } of stale) {
  process.stdout.write(`${file}: ${source}: not found; remove the entry from tools/regexes/exceptions.ts\n`);
}
process.stdout.write(`${literals.length} regular expressions, ${unexcused.length + stale.length} problems\n`);
process.exitCode = unexcused.length + stale.length === 0 ? 0 : 1;

function superLinearParts({ source, flags }: RegexLiteral): readonly string[] {
  const { reports } = analyse({ source, flags });
  return [
    ...reports.map(({ type, exponential }) => `${exponential ? 'exponential' : 'polynomial'} (${type})`),
    ...restartsIn(source, flags).map((part) => `polynomial (begins again inside of ${part})`),
  ];
}

function isAbout({ file, source }: RegexException, problem: Pick<RegexException, 'file' | 'source'>): boolean {
  return file === problem.file && source === problem.source;
}

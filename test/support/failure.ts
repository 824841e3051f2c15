import { expect } from '@jest/globals';
import type { ActionResult } from './action.ts';
import { findLeaks } from './leaks.ts';

/** Passwords that must be absent from every log; a `/` and a `%` make their escaped forms differ. */
export const canaries = {
  'client-password': 'canary/client%9a1',
  'route-password': 'canary/route%7b2',
} as const;

/** The one error annotation of a run: its title, and the message with the hint on the lines after it. */
export type Annotation = { readonly title: string; readonly text: string };

/** Checks the properties that all failed runs have, and returns the annotation. */
export function expectFailure(result: ActionResult): Annotation {
  expectNoSecret(result, Object.values(canaries));
  const annotations = annotationsOf(result);
  expect({ exitCode: result.exitCode, result: result.outputs['result'], annotations: annotations.length }).toEqual({
    exitCode: 1,
    result: 'failed',
    annotations: 1,
  });
  const [annotation = { title: '', text: '' }] = annotations;
  expect(annotation.text.split('\n').length).toBeGreaterThan(1); // The hint.
  expect(result.summary.split('\n')[0]).toMatch(/^## ❌ /);
  expect(result.summary.split('\n')[0]).toContain(annotation.title);
  expect(result.summary).toContain('**Next:**');
  return annotation;
}

/**
 * Asserts that every secret is absent from the log, summary, outputs and process arguments: verbatim, percent-encoded
 * and in base64.
 */
export function expectNoSecret(result: ActionResult, secrets: readonly string[]): void {
  expect(findLeaks(result, secrets)).toEqual([]);
}

/**
 * Returns the errors of a run: `::error title=…::text`, with `%`, `:` and `,` and line ends escaped (actions/toolkit,
 * `command.ts`).
 */
export function annotationsOf({ stdout }: ActionResult): readonly Annotation[] {
  return [...stdout.matchAll(/^::error title=([^:,]*)(?:,[^:]*)?::(.*)$/gm)].map(([, title = '', text = '']) => ({
    title: unescaped(title),
    text: unescaped(text),
  }));
}

function unescaped(text: string): string {
  return text
    .replaceAll('%3A', ':')
    .replaceAll('%2C', ',')
    .replaceAll('%0A', '\n')
    .replaceAll('%0D', '\r')
    .replaceAll('%25', '%');
}

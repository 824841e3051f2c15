import { expect, test } from '@jest/globals';
import { readCases, renderCasesSection } from '../../../tools/cases-section.ts';

const CASE = {
  case: '1b: limits that one server cannot give',
  code: 'INPUT_INVALID',
  told: 'accounts reserve | more <b>\nand more',
  test: 'test/nightly/deploy/first-server.test.ts › limits are refused',
};

test('each case is a row with its outcome, words and test, none of which breaks the table', () => {
  const rows = renderCasesSection([CASE, { ...CASE, code: 'green' }]).split('\n');
  expect(rows).toContain(
    '| 1b: limits that one server cannot give | `INPUT_INVALID` | accounts reserve \\| more &lt;b> and more | test/nightly/deploy/first-server.test.ts › limits are refused |',
  );
  expect(rows.filter((row) => row.includes(' | succeeds | '))).toHaveLength(1);
});

test('no case is no section', () => {
  expect(renderCasesSection([])).toBe('');
});

test('what is recorded can be read', async () => {
  expect((await readCases()).length).toBeGreaterThan(0);
});

import { expect, test } from '@jest/globals';
import { readCases, renderCasesSection } from '../../../tools/cases-section.ts';

const CASE = {
  case: '1b: limits that one server cannot give',
  code: 'INPUT_INVALID',
  message: 'accounts reserve | more <b>\nand more',
  test: 'test/nightly/deploy/first-server.test.ts › limits are refused',
};

test('each public case is a table row with its result, message and test, and cannot break the table', () => {
  const rows = renderCasesSection([CASE, { ...CASE, code: 'green' }]).split('\n');
  expect(rows).toContain(
    '| 1b: limits that one server cannot give | `INPUT_INVALID` | accounts reserve \\| more &lt;b> and more | test/nightly/deploy/first-server.test.ts › limits are refused |',
  );
  expect(rows.filter((row) => row.includes(' | succeeds | '))).toHaveLength(1);
});

test('no section is rendered without cases', () => {
  expect(renderCasesSection([])).toBe('');
});

test('the recorded cases can be read', async () => {
  expect((await readCases()).length).toBeGreaterThan(0);
});

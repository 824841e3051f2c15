import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { anchorsOf, linksOf } from '../../support/anchors.ts';
import { listDocuments, readDocument } from '../../support/snippets.ts';

/** Returns the links of a document whose file or anchor does not exist. */
async function brokenLinks(path: string, text: string): Promise<readonly string[]> {
  const broken: string[] = [];
  for (const target of linksOf(text).filter((each) => !/^(?:https?|mailto):/.test(each))) {
    const [file = '', anchor] = target.split('#');
    const linked = file === '' ? path : join(path, '..', file);
    const isThere = await access(linked).then(
      () => true,
      () => false, // The link is broken.
    );
    if (!isThere || (anchor !== undefined && !(await hasAnchor(linked, anchor)))) broken.push(target);
  }
  return broken;
}

async function hasAnchor(path: string, anchor: string): Promise<boolean> {
  return path.endsWith('.md') && anchorsOf(await readFile(path, 'utf8')).includes(anchor);
}

const paths = await listDocuments();

describe('the links of documents', () => {
  test.each(paths)('lead to existing files and anchors in %s', async (path) => {
    expect(await brokenLinks(path, await readDocument(path))).toEqual([]);
  });

  test('are checked for files, anchors, pictures and HTML', async () => {
    const text = `# A b: c?\n[1](no.md) [2](#a-b-c) [3](docs/names.md#none) ![4](no.png)\n<img src="no.svg">\n[5](https://example.com/#x)\n`;
    expect(await brokenLinks('README.md', text)).toEqual(['no.md', '#a-b-c', 'docs/names.md#none', 'no.png', 'no.svg']);
    expect(anchorsOf(text)).toEqual(['a-b-c']);
    expect(anchorsOf('# `A`\n## A\n```\n# B\n```\n<a id="c"></a>')).toEqual(['a', 'a-1', 'c']);
  });

  test('make every document of docs reachable from the README', async () => {
    const reached = new Set<string>();
    const next = ['README.md'];
    for (let path = next.pop(); path !== undefined; path = next.pop()) {
      if (reached.has(path) || !path.endsWith('.md')) continue;
      reached.add(path);
      const files = linksOf(await readDocument(path)).map((target) => target.split('#')[0] ?? '');
      const local = files.filter((file) => file !== '' && !/^[a-z]+:/.test(file));
      next.push(...local.map((file) => join(path, '..', file)));
    }
    expect(paths.filter((path) => !reached.has(path))).toEqual([]);
  });
});

test.each(['action.yml', 'action-types.yml'])(
  '%s has no links, because an action is also shown without its documents',
  async (path) => {
    expect(linksOf(await readFile(path, 'utf8'))).toEqual([]);
  },
);

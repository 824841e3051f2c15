/** Returns the ids that a Markdown document sets by `<a id="…">`, in their order. */
export function idsOf(markdown: string): readonly string[] {
  return [...markdown.matchAll(/<a id="([^"]+)"><\/a>/g)].map(([, id = '']) => id);
}

/**
 * Returns every anchor of a Markdown document: its ids, and an anchor for each heading as GitHub makes it, with a
 * number if the heading is repeated.
 */
export function anchorsOf(markdown: string): readonly string[] {
  const text = withoutBlocks(markdown);
  const seen = new Map<string, number>();
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => {
    const anchor = headingAnchor(title);
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
  return [...headings, ...idsOf(text)];
}

/** Returns the targets of all links and pictures of a Markdown document, without those in blocks of code. */
export function linksOf(markdown: string): readonly string[] {
  const text = withoutBlocks(markdown);
  const inline = [...text.matchAll(/\]\(([^)\s]+)\)/g)];
  const html = [...text.matchAll(/ (?:href|src|srcset)="([^"]+)"/g)];
  return [...inline, ...html].map(([, target = '']) => target);
}

function withoutBlocks(markdown: string): string {
  return markdown.replaceAll(/^( *)```[^]*?^\1```$/gm, '');
}

function headingAnchor(title: string): string {
  return title
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
}

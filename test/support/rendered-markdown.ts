import { marked } from 'marked';
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';

type Node = DefaultTreeAdapterTypes.ChildNode;

export type RenderedMarkdown = {
  /** Every element, in the order of the document. */
  readonly elements: readonly string[];
  /** Every attribute, as `element name=value`. */
  readonly attributes: readonly string[];
  /** The text that a reader sees. */
  readonly text: string;
  /** The texts in which GitHub looks for references: those outside of code. */
  readonly searched: readonly string[];
};

/** Elements in which GitHub does not look for mentions and references (html-pipeline, `IGNORE_PARENTS`). */
const CODE: ReadonlySet<string> = new Set(['pre', 'code', 'tt', 'a', 'style', 'script']);

/** Renders Markdown with the extensions of GitHub, and reads the HTML as a browser does. */
export async function renderMarkdown(markdown: string): Promise<RenderedMarkdown> {
  const elements: string[] = [];
  const attributes: string[] = [];
  const texts: string[] = [];
  const searched: string[] = [];
  const visit = (node: Node, isCode: boolean): void => {
    if (node.nodeName === '#text' && 'value' in node) {
      texts.push(node.value);
      if (!isCode) searched.push(node.value);
    }
    if (!('tagName' in node)) return;
    elements.push(node.tagName);
    attributes.push(...node.attrs.map(({ name, value }) => `${node.tagName} ${name}=${value}`));
    node.childNodes.forEach((child) => visit(child, isCode || CODE.has(node.tagName)));
  };
  parseFragment(await marked.parse(markdown, { gfm: true })).childNodes.forEach((node) => visit(node, false));
  return { elements, attributes, searched, text: texts.join('') };
}

/** The patterns that GitHub turns into a link or a picture at any place of rendered text. */
const REFERENCES = [
  /(?:^|[^\w`])@[a-z\d]/i, // a person or a team
  /#\d/, // an issue
  /\bGH-\d/i,
  /(?:https?|ftp):\/\//i,
  /\bwww\./i,
  /[\w.+-]@[\w-]+\.\w/, // an address
  /:(?:[a-z][\w+-]{0,63}|100):/i, // an emoji, whose longest name has about 40 characters
];

/** Returns the texts outside of code in which GitHub finds a reference. */
export function referencesIn({ searched }: RenderedMarkdown): readonly string[] {
  return searched.filter((text) => REFERENCES.some((reference) => reference.test(text)));
}

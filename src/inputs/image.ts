import { accepted, type Grammar, refused } from './grammar.ts';

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const DOMAIN_PART = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const DOMAIN = `(?:${DOMAIN_PART}(?:\\.${DOMAIN_PART})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]{1,5})?`;
const REFERENCE = new RegExp(
  `^(?:${DOMAIN}/)?(?<path>${COMPONENT}(?:/${COMPONENT})*)(?::(?<tag>\\w[\\w.-]{0,127}))?(?:@(?<digest>sha256:[a-f0-9]{64}))?$`,
);

/** The grammar of an image reference (distribution/reference, `reference.go`): `[registry/]path[:tag][@sha256:…]`. */
export const imageReference: Grammar<string> = {
  expected: 'an image reference, as `nats:2.15.2`, `ghcr.io/team/nats:2.15.2` or `nats@sha256:` and 64 hex digits',
  example: 'nats:2.15.2',
  typing: { type: 'string' },
  parse: (text) => {
    if (isReference(text)) return accepted(text);
    const repaired = text
      .slice(0, 512)
      .replace(/^(?:https?|docker):\/\//i, '')
      .replaceAll(/\s+/g, '');
    return refused({ suggestion: [repaired, repaired.toLowerCase()].find(isReference) });
  },
};

function isReference(text: string): boolean {
  return text.length <= 512 && REFERENCE.test(text);
}

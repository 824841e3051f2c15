/** A pattern that no text may contain, with the words to use instead. Patterns ignore case. */
export type WordRule = { readonly pattern: RegExp; readonly instead: string };

/** The words with which a doc comment must not open, because its subject or verb then comes late. */
export const LATE_OPENER =
  /^(?:what|whom?|whose|whoever|where|wherever|when|whenever|that|which|those|of|from|to|by|for|with|without|in|on|at|as|beside|among|between|but|than|until|once|so|not|no|nobody|somebody|nothing|something)\b/i;

/** Words and constructions that readers stumbled over (CONTRIBUTING.md, Language). */
export const WORD_RULES: readonly WordRule[] = [
  { pattern: /\banew\b/gi, instead: 'again' },
  { pattern: /\b(?:nobody|somebody|whoever)\b/gi, instead: 'the component or person that acts' },
  { pattern: /\bof before\b/gi, instead: 'previous' },
  { pattern: /\b(?:is|are) none\b/gi, instead: 'is missing, or is invalid' },
  { pattern: /\b(?:is|are) no (?!longer\b)[a-z]+/gi, instead: 'is not a …' },
  { pattern: /\bno waiting heals\b/gi, instead: 'waiting cannot help' },
  { pattern: /\bgets? on\b/gi, instead: 'works, or continues' },
  { pattern: /\bfor (?:it|they) (?:is|are|has|have|does|do)\b/gi, instead: 'because' },
  { pattern: /\bis not there\b/gi, instead: 'does not exist, or is missing' },
  { pattern: /\b(?:turns|goes|ends) (?:red|green)\b/gi, instead: 'fails, or succeeds' },
];

/** Words that a glossary replaces in the documents. `except` names the phrases in which the word is right. */
export const GLOSSARY: readonly (WordRule & { readonly except: RegExp })[] = [
  {
    pattern: /\bauthorit(?:y|ies)\b/gi,
    instead: 'CA',
    except: /authority ?key|-authorities\b|UnknownAuthority|unknown authority|authority-|`[^`]*authorit[^`]*`/i,
  },
];

/** Places that keep a word, each with the reason. */
export const EXCEPTIONS: readonly { readonly path: RegExp; readonly text: RegExp; readonly reason: string }[] = [
  { path: /^docs\/(?:faults|performance)\.md$/, text: /./, reason: 'it is generated from recorded runs' },
  { path: /^CONTRIBUTING\.md$/, text: /^\| /, reason: 'the table of terms names the words to avoid' },
  { path: /^CHANGELOG\.md$/, text: /authorit/i, reason: 'it names what an earlier text said' },
];

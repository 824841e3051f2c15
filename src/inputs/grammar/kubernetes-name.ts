import { DEPLOYMENT_NAME } from '../../cluster/preview.ts';
import { OWN_USER_PREFIX } from '../../cluster/user.ts';
import { accept, type Grammar, refuse } from './row.ts';

/** The grammar of an RFC 1123 label, as Kubernetes requires for a namespace. */
export const namespaceName: Grammar<string> = makeName({
  pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  longest: 63,
  first: 'a letter or digit',
  example: 'messaging',
});

export const deploymentName: Grammar<string> = makeName({
  ...DEPLOYMENT_NAME,
  first: 'a letter',
  example: 'nats',
});

/** The name of one client's certificate, a DNS label; its Secret's name is made from it. */
export const clientName: Grammar<string> = makeName({
  pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  longest: 40,
  first: 'a letter or digit',
  reserved: OWN_USER_PREFIX,
  example: 'orders',
});

export const secretName: Grammar<string> = makeSubdomain('a Secret', 'nats-server-tls');

export const pullSecretName: Grammar<string> = makeSubdomain('a Secret', 'registry-credentials');

export const storageClassName: Grammar<string> = makeSubdomain('a StorageClass', 'fast-ssd');

/** Makes the grammar of a DNS subdomain (apimachinery `validation.IsDNS1123Subdomain`). */
function makeSubdomain(kind: string, example: string): Grammar<string> {
  return {
    expected: `the name of ${kind}: at most 253 lower-case letters, digits, hyphens and dots`,
    example,
    typing: { type: 'string' },
    parse: (text) => {
      if (isSubdomain(text)) return accept(text);
      const lower = text.length > 253 ? '' : text.toLowerCase().replaceAll('_', '-');
      return refuse({ suggestion: isSubdomain(lower) ? lower : undefined });
    },
  };
}

function isSubdomain(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/.test(text);
}

/** The grammar of a kubeconfig's context: any printable text on one line. */
export const contextName: Grammar<string> = {
  expected: 'the name of a context of the kubeconfig, on one line',
  example: 'staging',
  typing: { type: 'string' },
  parse: (text) => (/^[^\p{Cc}]{1,253}$/u.test(text) ? accept(text) : refuse()),
};

type NameRule = {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly first: string;
  /** The prefix that names must not have; undefined if every prefix is valid. */
  readonly reserved?: string;
  readonly example: string;
};

function makeName({ pattern, longest, first, reserved, example }: NameRule): Grammar<string> {
  const isReserved = (text: string) => reserved !== undefined && text.startsWith(reserved);
  const valid = (text: string) => text.length <= longest && pattern.test(text) && !isReserved(text);
  const but = reserved === undefined ? '' : `, but not with \`${reserved}\``;
  return {
    expected: `at most ${longest} lower-case letters, digits and hyphens, beginning with ${first}${but}, not ending with a hyphen`,
    example,
    typing: { type: 'string' },
    parse: (text) => {
      if (valid(text)) return accept(text);
      const repaired = text
        .slice(0, 1000)
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]+/g, '-')
        .replace(/^-+/, '')
        .slice(0, longest)
        .replace(/(?<!-)-+$/, '');
      return refuse({ suggestion: valid(repaired) ? repaired : undefined });
    },
  };
}

/**
 * Checks whether a text is the name of a variable as a shell or a template writes it: `$NAME`, `${NAME}` or `$(NAME)`.
 * No program replaces it in an input, so a secret of this form would be a name that everyone can read. A name without
 * brackets has to be in capitals, because a password may begin with `$`.
 */
export function isVariableName(text: string): boolean {
  return /^\$(?:[A-Z_][A-Z0-9_]*|\{\w+\}|\(\w+\))$/.test(text);
}

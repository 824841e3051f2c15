import { DEPLOYMENT_NAME } from '../cluster/preview-name.ts';
import { accepted, type Grammar, refused } from './grammar.ts';

/** RFC 1123 label, as Kubernetes wants for a namespace. */
export const namespaceName: Grammar<string> = name({
  pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  longest: 63,
  first: 'a letter or digit',
  example: 'messaging',
});

export const deploymentName: Grammar<string> = name({
  ...DEPLOYMENT_NAME,
  first: 'a letter',
  example: 'nats',
});

/** The name of one client's certificate, a DNS label; its Secret's name is made from it. */
export const clientName: Grammar<string> = name({
  pattern: /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/,
  longest: 40,
  first: 'a letter or digit',
  example: 'orders',
});

export const secretName: Grammar<string> = subdomain('a Secret', 'nats-server-tls');

export const storageClassName: Grammar<string> = subdomain('a StorageClass', 'fast-ssd');

/** A DNS subdomain (apimachinery `validation.IsDNS1123Subdomain`). */
function subdomain(kind: string, example: string): Grammar<string> {
  return {
    expected: `the name of ${kind}: at most 253 lower-case letters, digits, hyphens and dots`,
    example,
    typing: { type: 'string' },
    parse: (text) => {
      if (isSubdomain(text)) return accepted(text);
      const lower = text.length > 253 ? '' : text.toLowerCase().replaceAll('_', '-');
      return refused({ suggestion: isSubdomain(lower) ? lower : undefined });
    },
  };
}

function isSubdomain(text: string): boolean {
  return text.length <= 253 && /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*$/.test(text);
}

/** A kubeconfig's context: any printable text on one line. */
export const contextName: Grammar<string> = {
  expected: 'the name of a context of the kubeconfig, on one line',
  example: 'staging',
  typing: { type: 'string' },
  parse: (text) => (/^[^\p{Cc}]{1,253}$/u.test(text) ? accepted(text) : refused()),
};

type NameRule = {
  readonly pattern: RegExp;
  readonly longest: number;
  readonly first: string;
  readonly example: string;
};

function name({ pattern, longest, first, example }: NameRule): Grammar<string> {
  const valid = (text: string) => text.length <= longest && pattern.test(text);
  return {
    expected: `at most ${longest} lower-case letters, digits and hyphens, beginning with ${first}, not ending with a hyphen`,
    example,
    typing: { type: 'string' },
    parse: (text) => {
      if (valid(text)) return accepted(text);
      const repaired = text
        .slice(0, 1000)
        .toLowerCase()
        .replaceAll(/[^a-z0-9-]+/g, '-')
        .replace(/^-+/, '')
        .slice(0, longest)
        .replace(/(?<!-)-+$/, '');
      return refused({ suggestion: valid(repaired) ? repaired : undefined });
    },
  };
}

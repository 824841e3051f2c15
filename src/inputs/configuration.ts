import { hasCode } from '../errors.ts';
import type { UserConfiguration } from '../nats/conf/merge.ts';
import { secretsInText, secretsOf } from '../nats/conf/secrets.ts';
import { readTexts } from '../nats/conf/sources.ts';
import { accepted, type Grammar, type Parsed, refused } from './grammar.ts';

const INPUT = 'config';

/** The user's nats-server configuration as text. It can include no files, because none are beside it. */
export const configurationText: Grammar<UserConfiguration> = {
  expected: 'a configuration of nats-server, in its own syntax, YAML or JSON',
  example: 'max_subscriptions: 1000',
  typing: { type: 'string' },
  parse: read,
  secrets: (text) => {
    const parsed = read(text);
    return parsed.kind === 'accepted' ? secretsOf(parsed.value.tree) : secretsInText(text);
  },
};

/** The path of the configuration file, which the entry point reads. */
export const configurationPath: Grammar<string> = {
  expected: 'the path of a file, in one line of at most 1024 characters',
  example: 'deploy/nats.conf',
  typing: { type: 'string' },
  parse: (text) => (/^[^\p{Cc}{}]{1,1024}$/u.test(text) ? accepted(text) : refused()),
};

function read(text: string): Parsed<UserConfiguration> {
  try {
    return accepted(readTexts({ input: INPUT, file: INPUT, text, included: new Map() }));
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return { kind: 'refused', violations: error.details.violations };
    throw error;
  }
}

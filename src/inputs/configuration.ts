import { serverEnvironment } from '../cluster/server-files.ts';
import { hasCode } from '../errors.ts';
import { readConfiguration } from '../nats/conf/read.ts';
import { secretsInText, secretsOf } from '../nats/conf/secrets.ts';
import type { ConfBlock } from '../nats/conf/value.ts';
import { accepted, type Grammar, type Parsed, refused } from './grammar.ts';

const INPUT = 'config';

/** The one that nothing quotes: a pod named `12-nats-0` would read as a bad date. */
const { podName: _, ...quotedVariables } = serverEnvironment;
const surroundings = { files: new Map<string, string>(), environment: new Set<string>(Object.values(quotedVariables)) };

/** The user's nats-server configuration as text. What it includes would have to be beside it, and nothing is. */
export const configurationText: Grammar<ConfBlock> = {
  expected: 'a configuration of nats-server, in its own syntax, YAML or JSON',
  example: 'max_subscriptions: 1000',
  typing: { type: 'string' },
  parse: read,
  secrets: (text) => {
    const parsed = read(text);
    return parsed.kind === 'accepted' ? secretsOf(parsed.value) : secretsInText(text);
  },
};

/** Where the configuration is, for the edge to read. */
export const configurationPath: Grammar<string> = {
  expected: 'the path of a file, in one line of at most 1024 characters',
  example: 'deploy/nats.conf',
  typing: { type: 'string' },
  parse: (text) => (/^[^\p{Cc}{}]{1,1024}$/u.test(text) ? accepted(text) : refused()),
};

function read(text: string): Parsed<ConfBlock> {
  try {
    return accepted(readConfiguration({ input: INPUT, file: INPUT, text }, surroundings));
  } catch (error) {
    if (hasCode(error, 'INPUT_INVALID')) return { kind: 'refused', violations: error.details.violations };
    throw error;
  }
}

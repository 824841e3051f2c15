import { readFile } from 'node:fs/promises';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { joinConfiguration } from '../../../src/commands/desired/configuration.ts';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { parseDeployInputs } from '../../../src/inputs/parse.ts';
import { readTexts } from '../../../src/nats/conf/settings/sources.ts';
import { clusterSpec } from '../support/cluster-spec.ts';
import { materialFor } from '../support/material.ts';

const text = await readFile('docs/from-nats-conf.md', 'utf8');

const fenced = (kind: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${kind}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, body = '']) => body);

const rows = [...text.matchAll(/^\| `(.+?) \| (.+?) \|/gm)].map(([, setting = '', here = '']) => ({ setting, here }));

/** Returns the configuration as a server would get it. */
function joined(configuration: string) {
  const spec = clusterSpec();
  const { credentials } = materialFor(spec);
  const own = readTexts({ input: 'config', file: 'config', text: configuration, included: new Map() });
  return joinConfiguration(spec, { ...credentials, configuration: own });
}

describe('the document for users of a nats.conf', () => {
  test.each(rows)('replaces `$setting by $here', ({ here }) => {
    const names = [...here.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    expect(here === 'always' || names.length > 0).toBe(true);
    expect(inputTable.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  test.each(fenced('yaml'))('has valid inputs: %s', (yaml) => {
    const inputs: unknown = parse(yaml);
    expect(() =>
      parseDeployInputs(new Map(Object.entries(Object(inputs)).map(([k, v]) => [k, String(v)]))),
    ).not.toThrow();
  });

  test.each(fenced('conf'))('has valid examples of joined clusters: %s', (configuration) => {
    const [first = ''] = /^\w+/.exec(configuration) ?? [];
    expect(Object.keys(joined(configuration).entries)).toContain(first);
  });

  test.each([
    ['listen: 0.0.0.0:4242', 'port'],
    ['authorization { user: a, password: "secret" }', 'client-user'],
    ['cluster { authorization { user: a, password: "secret" } }', 'route-user'],
    ['max_connections: 100', 'max-connections'],
    ['max_control_line: 512', 'max-control-line'],
    ['max_payload: 65536', 'max-payload'],
    ['write_deadline: "2s"', 'write-deadline'],
    ['trace: true', 'trace'],
  ])('names the input for a setting that the action decides: %s', (configuration, names) => {
    expect(() => joined(configuration)).toThrow(names);
    expect(() => joined(configuration)).not.toThrow('secret');
  });
});

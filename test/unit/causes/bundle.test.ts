import { expect, test } from '@jest/globals';
import { type ObservedState, renderCauseLines, renderDiagnosisFiles } from '../../../src/causes/bundle.ts';
import { findCauses } from '../../../src/causes/causes.ts';
import { renderDiagnosis } from '../../../src/causes/markdown.ts';
import { event, factsWith, inState, log, terminated } from '../support/facts.ts';

const failed = inState(terminated('Error', 1, 'nats-server: /etc/nats/nats.conf:2:1: unknown field "<b>a|b"\n'));
const facts = factsWith([failed], {
  events: [
    event({ reason: 'BackOff', message: 'later\nstill', lastSeen: '2026-11-23T02:00:09Z' }),
    event({ reason: 'Pulled', message: 'sooner', lastSeen: '2026-11-23T02:00:08.123456Z' }),
  ],
  logs: [
    log('nats-1', ['one', 'two']),
    log('nats-1', ['zero'], { run: 'previous' }),
    log('nats-1', ['x'], { container: 'setup' }),
  ],
  unread: ['Node: the credentials do not allow it'],
});
const observed: ObservedState = {
  servers: ['nats-0', 'nats-1'],
  pairs: [{ from: 'nats-0', to: 'nats-1', connections: 4 }],
  certificates: [{ name: 'tls-nats-server/tls.crt', notAfter: new Date(0), fingerprint256: 'ab', issuer: 'CN=a|b' }],
};
const files = new Map(renderDiagnosisFiles(facts, findCauses(facts), observed).map(({ name, text }) => [name, text]));

function markdownOf(...given: Parameters<typeof renderDiagnosis>): string {
  const { root, rest } = renderDiagnosis(...given);
  return `${root.text}\n${rest.text}`;
}

test('the diagnosis has a file for each kind of evidence, and one for each log', () => {
  expect([...files.keys()]).toEqual([
    'causes.md',
    'events.txt',
    'pods.txt',
    'mesh.md',
    'certificates.md',
    'logs/nats-1.log',
    'logs/nats-1.previous.log',
    'logs/nats-1.setup.log',
  ]);
});

test('the diagnosis lists each cause with evidence, next action and what could not be read', () => {
  expect(files.get('causes.md')).toMatch(
    /## 1\. ConfigurationError: Pod\/nats-1[\s\S]*nats\.conf:2:1[\s\S]*Next: Correct[\s\S]*not read: Node/,
  );
});

test('causes are plain text in a log, without the marks of Markdown', () => {
  const lines = renderCauseLines(facts, findCauses(facts));
  expect(lines.slice(0, 3)).toEqual([
    `diagnosis of NATS cluster ${facts.name} in namespace ${facts.namespace}`,
    '',
    '1. ConfigurationError: Pod/nats-1',
  ]);
  expect(lines.at(-1)).toBe('not read: Node: the credentials do not allow it');
  expect(lines.filter((line) => /^[#*-]|\*\*/.test(line))).toEqual([]);
});

test('events take one line each, oldest first', () => {
  expect(
    files
      .get('events.txt')
      ?.trimEnd()
      .split('\n')
      .map((line) => line.split('  ').at(-1)),
  ).toEqual(['sooner', 'later still']);
});

test('routes and certificates are tables, and no cell breaks a row', () => {
  expect(files.get('mesh.md')).toContain('| nats-0 | – | 4 |\n| nats-1 | ? | – |');
  expect(files.get('certificates.md')).toContain('| tls-nats-server/tls.crt | 1970-01-01 00:00 UTC | ab | CN=a\\|b |');
});

test('the summary begins with the root cause and neutralizes HTML tags from other sources', () => {
  const markdown = markdownOf(facts, findCauses(facts), observed);
  expect(markdown.indexOf('**ConfigurationError**')).toBeLessThan(markdown.indexOf('<details>'));
  expect(markdown).not.toContain('<b>');
  expect(markdown.match(/<details>/g)).toHaveLength(markdown.match(/<\/details>/g)?.length ?? 0);
});

test('the summary stays within its size limit, and says what it left out', () => {
  const long = Array.from({ length: 150 }, (_, index) => `${index} ${'x'.repeat(100_000)}`);
  const logs = Array.from({ length: 60 }, (_, index) => log(`nats-${index}`, long));
  const markdown = markdownOf({ ...facts, logs }, findCauses(facts), observed);
  expect(markdown.length).toBeLessThan(250_000);
  expect(markdown).toContain('left out');
});

test('the summary mentions no part as left out that was empty', () => {
  const unread = Array.from({ length: 13 }, (_, index) => `${index} ${'x'.repeat(20_000)}`);
  const markdown = markdownOf({ ...facts, pods: [], events: [], logs: [], unread }, [], observed);
  expect(markdown.match(/left out/g)?.length).toBeLessThanOrEqual(2);
});

test('the diagnosis says so when nothing is known', () => {
  expect(markdownOf(factsWith([]), [], { servers: [], pairs: [], certificates: [] })).toContain('No known cause');
});

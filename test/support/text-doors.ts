import { renderDiagnosisFiles } from '../../src/causes/bundle.ts';
import { findCauses } from '../../src/causes/causes.ts';
import { renderDiagnosis } from '../../src/causes/markdown.ts';
import { inputTable } from '../../src/inputs/inputs.ts';
import { createStatusError } from '../../src/kubernetes/http-error.ts';
import { mergeParts } from '../../src/kubernetes/kubeconfig-content.ts';
import { block } from '../../src/nats/conf/reader/value.ts';
import { mergeConfiguration } from '../../src/nats/conf/settings/merge.ts';
import { collectSecrets, findSecretsInText } from '../../src/nats/conf/settings/secrets.ts';
import { readConfiguration } from '../../src/nats/conf/settings/sources.ts';
import { renderConfiguration } from '../../src/nats/conf/writer/write.ts';
import { decodeRoutez } from '../../src/nats/mesh/monitoring.ts';
import { LineSplitter } from '../../src/runner/script.ts';
import { decodeServerInfo } from '../../src/servers/server-info.ts';
import { code, fenced, folded, md, block as preformatted, table } from '../../src/text/markdown.ts';
import { event, factsWith, inState, log, terminated, unscheduled, waiting } from '../unit/support/facts.ts';
import { settings } from '../unit/support/settings.ts';

/** One place at which an external text enters the action, with all functions that process it. */
export type Door = { readonly name: string; readonly enter: (text: string) => unknown };

const configurationFrom = (text: string, file: string): void => {
  const tree = readConfiguration({ input: 'config', file, text }, { files: new Map(), environment: new Set() });
  collectSecrets(tree);
  renderConfiguration(mergeConfiguration(block({}), settings, { input: 'config', tree }).configuration);
};

const trouble = { warn: () => {} };

const REASONS = ['FailedCreate', 'FailedScheduling', 'FailedMount', 'ProvisioningFailed', 'Unhealthy', 'BackOff'];

function diagnose(facts: Parameters<typeof findCauses>[0]): void {
  const causes = findCauses(facts);
  const observed = { servers: ['nats-0'], pairs: [], certificates: [] };
  renderDiagnosis(facts, causes, observed);
  renderDiagnosisFiles(facts, causes, observed);
}

export const doors: readonly Door[] = [
  ...inputTable.map(({ name, grammar }) => ({
    name: `input ${name}`,
    enter: (text: string) => [grammar.parse(text), grammar.secrets?.(text)],
  })),
  { name: 'config, nats.conf', enter: (text) => configurationFrom(text, 'a.conf') },
  { name: 'config, a value', enter: (text) => configurationFrom(`a: ${text}`, 'a.conf') },
  { name: 'config, a list', enter: (text) => configurationFrom(`a: [${text}]`, 'a.conf') },
  { name: 'config, YAML', enter: (text) => configurationFrom(text, 'a.yaml') },
  { name: 'config, secrets of a text', enter: findSecretsInText },
  {
    name: 'kubeconfig',
    enter: (text) => mergeParts([{ text: `${text}\nclusters: []\n`, where: 'kubeconfig', directory: '/' }], trouble),
  },
  {
    name: 'kubeconfig, a cluster',
    enter: (text) =>
      mergeParts([{ text: JSON.stringify({ clusters: [{ name: text }] }), where: 'x', directory: '/' }], trouble),
  },
  {
    name: 'events',
    enter: (text) =>
      diagnose(
        factsWith([], {
          events: REASONS.map((reason) =>
            event({ reason, message: text, object: { kind: 'StatefulSet', name: 'nats', uid: 'u' } }),
          ),
        }),
      ),
  },
  {
    name: 'messages of a container',
    enter: (text) =>
      diagnose(
        factsWith(
          [
            inState(terminated('Error', 1, text)),
            inState(waiting('CreateContainerError', text)),
            inState(waiting('ErrImagePull', text)),
            unscheduled(text),
          ],
          {},
        ),
      ),
  },
  {
    name: 'the lines of a log',
    enter: (text) =>
      diagnose(factsWith([inState(terminated('Error', 1, ''))], { logs: [log('nats-1', text.split('\n'))] })),
  },
  {
    name: 'a response of the API server',
    enter: (text) =>
      createStatusError(
        { server: 's', method: 'GET', path: '/', object: 'o', credentials: { kind: 'kubeconfig' } },
        { status: 403, body: { kind: 'Status', message: text, reason: text } },
      ),
  },
  { name: 'INFO of a server', enter: (text) => decodeServerInfo(`INFO {${text}}\r\n`) },
  { name: 'ROUTEZ of a server', enter: (text) => decodeRoutez(parsed(text)) },
  {
    name: 'Markdown',
    enter: (text) => [
      md`${text}`,
      code(text),
      table(['a'], [[text]]),
      folded(text, md`x`),
      fenced('yaml', text),
      preformatted([text]),
    ],
  },
  {
    name: 'lines of the smoke test',
    enter: (text) => {
      const splitter = new LineSplitter(() => undefined, { mostLineChars: 4096, mostChars: 1e7, lastLines: 20 });
      for (let from = 0; from < text.length; from += 1024) splitter.write(text.slice(from, from + 1024));
      splitter.end();
    },
  },
];

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

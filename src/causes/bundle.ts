import { block, code, joined, type Markdown, md, table } from '../text/markdown.ts';
import type { Cause, ContainerStateFacts, EventFacts, Facts, LogFacts, PodFacts } from './facts.ts';

/** The state of the mesh and of the certificates, as far as it was observed. */
export type Sight = {
  readonly servers: readonly string[];
  /** The number of connections that each server holds to each peer. */
  readonly pairs: readonly { readonly from: string; readonly to: string; readonly connections: number }[];
  readonly certificates: readonly CertificateSight[];
};

export type CertificateSight = {
  /** The place of the certificate, for example `tls-nats-server/tls.crt`. */
  readonly name: string;
  readonly notAfter: Date;
  readonly fingerprint256: string;
  readonly issuer: string;
};

export type DiagnosisFile = { readonly name: string; readonly text: string };

/**
 * Returns the files of the diagnosis, for upload-artifact. File names contain at most one `/`. The facts must already
 * be redacted (`redactFacts`).
 */
export function diagnosisFiles(facts: Facts, causes: readonly Cause[], sight: Sight): readonly DiagnosisFile[] {
  return [
    { name: 'causes.md', text: causesMarkdown(facts, causes).text },
    { name: 'events.txt', text: lines(eventLines(facts.events)) },
    { name: 'pods.txt', text: lines(facts.pods.flatMap(podLines)) },
    { name: 'mesh.md', text: meshMarkdown(sight).text },
    { name: 'certificates.md', text: certificatesMarkdown(sight).text },
    ...facts.logs.map((log) => ({ name: `logs/${logName(log)}.log`, text: lines(log.lines) })),
  ];
}

/**
 * Returns the name of a log, for example `nats-0` or `nats-0.previous`. The name contains the container unless the
 * container is the server.
 */
export function logName({ pod, container, run }: LogFacts): string {
  return `${pod}${container === SERVER ? '' : `.${container}`}${run === 'previous' ? '.previous' : ''}`;
}

const SERVER = 'nats';

const NOTHING = 'No known cause was found; the other files hold what was seen.';

function causesMarkdown({ name, namespace, unread }: Facts, causes: readonly Cause[]): Markdown {
  const told = causes.map(
    ({ code: errorCode, reason, object, message, evidence, hint, fatal }, index) =>
      md`## ${index + 1}. ${reason}: ${object}\n\n${message} (${code(errorCode)}, ${fatalText(fatal)})\n\n${block(evidence)}\nNext: ${hint}\n\n`,
  );
  const title = md`# Diagnosis of ${namespace}/${name}\n\n`;
  const nothing = causes.length === 0 ? [md`${NOTHING}\n`] : [];
  return joined([title, ...told, ...nothing, ...unread.map((what) => md`- not read: ${what}\n`)]);
}

function fatalText(fatal: boolean): string {
  return fatal ? 'waiting cannot heal it' : 'may heal by itself';
}

/** Returns the causes with their evidence as lines of a log. */
export function causeLines({ name, namespace, unread }: Facts, causes: readonly Cause[]): readonly string[] {
  const told = causes.flatMap(({ code: errorCode, reason, object, message, evidence, hint, fatal }, index) => [
    `## ${index + 1}. ${reason}: ${object}`,
    '',
    `${message} (${errorCode}, ${fatalText(fatal)})`,
    '',
    ...evidence.map((line) => `    ${line}`),
    '',
    `Next: ${hint}`,
    '',
  ]);
  const nothing = causes.length === 0 ? [NOTHING] : [];
  const title = `# Diagnosis of ${namespace}/${name}`;
  return [title, '', ...told, ...nothing, ...unread.map((what) => `- not read: ${what}`)];
}

/** Returns one line for each event, oldest first. */
export function eventLines(events: readonly EventFacts[]): readonly string[] {
  const order = ({ lastSeen = '' }: EventFacts): number => Date.parse(lastSeen) || 0;
  return events
    .toSorted((left, right) => order(left) - order(right))
    .map(({ lastSeen, type, reason, object, count, message }) =>
      [lastSeen ?? '-', type, reason, `${object.kind}/${object.name}`, `${count}×`, oneLine(message)].join('  '),
    );
}

export function podLines(pod: PodFacts): readonly string[] {
  const { name, phase, nodeName = 'no node', podIp = 'no address', controllerRevision = 'none' } = pod;
  const ends = pod.terminating ? ', ending' : '';
  return [
    `${name}: ${phase}${ends}, ${pod.ready ? 'ready' : 'not ready'}, on ${nodeName}, ${podIp}, revision ${controllerRevision}`,
    ...pod.containers.map(
      ({ name: container, image, restartCount, state, lastState }) =>
        `  ${container} (${image}): ${stateText(state)}; ${restartCount} restarts${lastState.kind === 'unknown' ? '' : `; before: ${stateText(lastState)}`}`,
    ),
    ...pod.conditions.map(({ type, status, reason, message }) =>
      `  ${type}=${status} ${reason} ${oneLine(message)}`.trimEnd(),
    ),
  ];
}

function stateText(state: ContainerStateFacts): string {
  switch (state.kind) {
    case 'waiting':
      return `waiting ${state.reason} ${oneLine(state.message)}`.trimEnd();
    case 'terminated':
      return `terminated ${state.reason} ${state.exitCode} ${oneLine(state.message)}`.trimEnd();
    case 'running':
    case 'unknown':
      return state.kind;
  }
}

/** Returns a table of servers by peers, with `?` where the server could not be asked. */
export function meshMarkdown({ servers, pairs }: Sight): Markdown {
  if (pairs.length === 0) {
    return md`No server could be asked for its routes.\n`;
  }
  const counts = new Map(pairs.map(({ from, to, connections }) => [JSON.stringify([from, to]), connections]));
  const cell = (from: string, to: string): string =>
    from === to ? '–' : String(counts.get(JSON.stringify([from, to])) ?? '?');
  return table(
    ['server', ...servers],
    servers.map((from) => [from, ...servers.map((to) => cell(from, to))]),
  );
}

export function certificatesMarkdown({ certificates }: Sight): Markdown {
  return certificates.length === 0
    ? md`No certificate was looked at.\n`
    : table(
        ['certificate', 'not after', 'SHA-256', 'issuer'],
        certificates.map(({ name, notAfter, fingerprint256, issuer }) => [
          name,
          notAfter.toISOString(),
          fingerprint256,
          issuer,
        ]),
      );
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

import type { Cause } from './cause.ts';
import type { ContainerStateFacts, EventFacts, Facts, LogFacts, PodFacts } from './facts.ts';

/** What the servers' mesh and certificates were like, as far as anybody saw. */
export type Sight = {
  readonly servers: readonly string[];
  /** How many connections each server holds to each peer. */
  readonly pairs: readonly { readonly from: string; readonly to: string; readonly connections: number }[];
  readonly certificates: readonly CertificateSight[];
};

export type CertificateSight = {
  /** Where it lies, for example `tls-nats-server/tls.crt`. */
  readonly name: string;
  readonly notAfter: Date;
  readonly fingerprint256: string;
  readonly issuer: string;
};

export type DiagnosisFile = { readonly name: string; readonly text: string };

/**
 * The files of the diagnosis, for upload-artifact. Names hold at most one `/`. Facts come redacted (`redactFacts`).
 */
export function diagnosisFiles(facts: Facts, causes: readonly Cause[], sight: Sight): readonly DiagnosisFile[] {
  return [
    { name: 'causes.md', text: causesText(facts, causes) },
    { name: 'events.txt', text: lines(eventLines(facts.events)) },
    { name: 'pods.txt', text: lines(facts.pods.flatMap(podLines)) },
    { name: 'mesh.md', text: meshText(sight) },
    { name: 'certificates.md', text: certificatesText(sight) },
    ...facts.logs.map((log) => ({ name: `logs/${logName(log)}.log`, text: lines(log.lines) })),
  ];
}

/** `nats-0`, `nats-0.previous`; with the container's name where it is not the server's. */
export function logName({ pod, container, run }: LogFacts): string {
  return `${pod}${container === SERVER ? '' : `.${container}`}${run === 'previous' ? '.previous' : ''}`;
}

const SERVER = 'nats';

function causesText({ name, namespace, unread }: Facts, causes: readonly Cause[]): string {
  const told = causes.map(({ code, reason, object, message, evidence, hint, fatal }, index) =>
    lines([
      `## ${index + 1}. ${reason}: ${object}`,
      '',
      `${message} (\`${code}\`, ${fatal ? 'waiting cannot heal it' : 'may heal by itself'})`,
      '',
      ...evidence.map((line) => `    ${line}`),
      '',
      `Next: ${hint}`,
      '',
    ]),
  );
  const nothing = causes.length === 0 ? ['No known cause was found; the other files hold what was seen.\n'] : [];
  const gaps = unread.map((what) => `- not read: ${what}`);
  return [`# Why ${name} in namespace ${namespace} does not get on\n\n`, ...told, ...nothing, lines(gaps)].join('');
}

/** One line each, oldest first. */
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

/** Servers by peers, as Markdown; `?` where nobody could ask. */
export function meshText({ servers, pairs }: Sight): string {
  if (pairs.length === 0) {
    return 'No server could be asked for its routes.\n';
  }
  const cell = (from: string, to: string): string =>
    String(pairs.find((pair) => pair.from === from && pair.to === to)?.connections ?? '?');
  return table(
    ['server', ...servers],
    servers.map((from) => [from, ...servers.map((to) => (from === to ? '–' : cell(from, to)))]),
  );
}

export function certificatesText({ certificates }: Sight): string {
  return certificates.length === 0
    ? 'No certificate was looked at.\n'
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

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return lines([row(header), row(header.map(() => '---')), ...rows.map(row)]);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

import type { ContainerState } from '../objects/pod.ts';
import { formatDate } from '../text/duration-text.ts';
import { block, code, joinMarkdown, type Markdown, md, table } from '../text/markdown.ts';
import type { Cause, EventFacts, Facts, LogFacts, PodFacts } from './facts.ts';

/** The state of the mesh and of the certificates, as far as it was observed. */
export type ObservedState = {
  readonly servers: readonly string[];
  /** The number of connections that each server holds to each peer. */
  readonly pairs: readonly { readonly from: string; readonly to: string; readonly connections: number }[];
  readonly certificates: readonly ObservedCertificate[];
};

export type ObservedCertificate = {
  /** The Secret and the key of the certificate, for example `tls-nats-server/tls.crt`. */
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
export function renderDiagnosisFiles(
  facts: Facts,
  causes: readonly Cause[],
  observed: ObservedState,
): readonly DiagnosisFile[] {
  return [
    { name: 'causes.md', text: renderCauses(facts, causes).text },
    { name: 'events.txt', text: renderLines(renderEventLines(facts.events)) },
    { name: 'pods.txt', text: renderLines(facts.pods.flatMap(renderPodLines)) },
    { name: 'mesh.md', text: renderMesh(observed).text },
    { name: 'certificates.md', text: renderCertificates(observed).text },
    ...facts.logs.map((log) => ({ name: `logs/${nameLog(log)}.log`, text: renderLines(log.lines) })),
  ];
}

/**
 * Returns the name of a log, for example `nats-0` or `nats-0.previous`. The name contains the container unless the
 * container is the server.
 */
export function nameLog({ pod, container, run }: LogFacts): string {
  return `${pod}${container === SERVER ? '' : `.${container}`}${run === 'previous' ? '.previous' : ''}`;
}

const SERVER = 'nats';

const NOTHING = 'No known cause was found; the other files contain the observed state.';

function renderCauses({ name, namespace, unread }: Facts, causes: readonly Cause[]): Markdown {
  const rendered = causes.map(
    ({ code: errorCode, reason, object, message, evidence, hint, fatal }, index) =>
      md`## ${index + 1}. ${reason}: ${object}\n\n${message} (${code(errorCode)}, ${renderFatal(fatal)})\n\n${block(evidence)}\nNext: ${hint}\n\n`,
  );
  const title = md`# Diagnosis of ${namespace}/${name}\n\n`;
  const nothing = causes.length === 0 ? [md`${NOTHING}\n`] : [];
  return joinMarkdown([title, ...rendered, ...nothing, ...unread.map((failure) => md`- not read: ${failure}\n`)]);
}

function renderFatal(fatal: boolean): string {
  return fatal ? 'waiting cannot help' : 'may recover without a change';
}

/** Returns the causes with their evidence as lines of a log, as plain text. */
export function renderCauseLines({ name, namespace, unread }: Facts, causes: readonly Cause[]): readonly string[] {
  const rendered = causes.flatMap(({ code: errorCode, reason, object, message, evidence, hint, fatal }, index) => [
    `${index + 1}. ${reason}: ${object}`,
    `   ${message} (${errorCode}, ${renderFatal(fatal)})`,
    ...evidence.map((line) => `     ${line}`),
    `   next: ${hint}`,
    '',
  ]);
  const nothing = causes.length === 0 ? [NOTHING] : [];
  const title = `diagnosis of NATS cluster ${name} in namespace ${namespace}`;
  return [title, '', ...rendered, ...nothing, ...unread.map((failure) => `not read: ${failure}`)];
}

/** Returns one line for each event, oldest first. */
export function renderEventLines(events: readonly EventFacts[]): readonly string[] {
  const order = ({ lastSeen = '' }: EventFacts): number => Date.parse(lastSeen) || 0;
  return events
    .toSorted((left, right) => order(left) - order(right))
    .map(({ lastSeen, type, reason, object, count, message }) =>
      [lastSeen ?? '-', type, reason, `${object.kind}/${object.name}`, `${count}×`, joinLines(message)].join('  '),
    );
}

export function renderPodLines(pod: PodFacts): readonly string[] {
  const { name, phase, nodeName = 'no node', podIp = 'no address', controllerRevision = 'none' } = pod;
  const ends = pod.terminating ? ', terminating' : '';
  return [
    `${name}: ${phase}${ends}, ${pod.ready ? 'ready' : 'not ready'}, on ${nodeName}, ${podIp}, revision ${controllerRevision}`,
    ...pod.containers.map(
      ({ name: container, image, restartCount, state, lastState }) =>
        `  ${container} (${image}): ${renderState(state)}; ${restartCount} restarts${lastState.kind === 'unknown' ? '' : `; before: ${renderState(lastState)}`}`,
    ),
    ...pod.conditions.map(({ type, status, reason, message }) =>
      `  ${type}=${status} ${reason} ${joinLines(message)}`.trimEnd(),
    ),
  ];
}

function renderState(state: ContainerState): string {
  switch (state.kind) {
    case 'waiting':
      return `waiting ${state.reason} ${joinLines(state.message)}`.trimEnd();
    case 'terminated':
      return `terminated ${state.reason} ${state.exitCode} ${joinLines(state.message)}`.trimEnd();
    case 'running':
    case 'unknown':
      return state.kind;
  }
}

/** Returns a table of servers by peers, with `?` if the server could not be asked. */
export function renderMesh({ servers, pairs }: ObservedState): Markdown {
  if (pairs.length === 0) {
    return md`No server answered with its routes.\n`;
  }
  const counts = new Map(pairs.map(({ from, to, connections }) => [JSON.stringify([from, to]), connections]));
  const cell = (from: string, to: string): string =>
    from === to ? '–' : String(counts.get(JSON.stringify([from, to])) ?? '?');
  return table(
    ['server', ...servers],
    servers.map((from) => [from, ...servers.map((to) => cell(from, to))]),
  );
}

export function renderCertificates({ certificates }: ObservedState): Markdown {
  return certificates.length === 0
    ? md`No certificate was checked.\n`
    : table(
        ['certificate', 'not after', 'SHA-256', 'issuer'],
        certificates.map(({ name, notAfter, fingerprint256, issuer }) => [
          name,
          formatDate(notAfter),
          fingerprint256,
          issuer,
        ]),
      );
}

function joinLines(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function renderLines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join('');
}

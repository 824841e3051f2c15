import {
  type DiagnosisFile,
  type ObservedCertificate,
  type ObservedState,
  renderCauseLines,
  renderDiagnosisFiles,
  renderEventLines,
  renderPodLines,
} from '../../causes/bundle.ts';
import { findCauses } from '../../causes/causes.ts';
import type { Cause, PodFacts } from '../../causes/facts.ts';
import { type DiagnosisMarkdown, renderDiagnosis } from '../../causes/markdown.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import { ActionError } from '../../errors/action-error.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import { findMissingPairs, type MeshProblem } from '../../nats/mesh/observation.ts';
import { shortenFingerprint } from '../../pki/certificate.ts';
import { collectFacts, type DiagnosisAccess } from './diagnosis.ts';

/** The deployment that a run works on, once it is known. */
export type Subject = {
  readonly spec: Pick<ClusterSpec, 'name' | 'namespace' | 'replicas'>;
  readonly servers: readonly string[];
  readonly certificates: readonly ObservedCertificate[];
  /** The last verification from outside before this run; undefined when none is recorded. */
  readonly verified: { readonly at: string; readonly by: string } | undefined;
  /** Whether no server ran before this run. */
  readonly isFirst: boolean;
};

/** The facts about a run that its summary needs and the cluster does not show. */
export type History = Pick<Subject, 'verified' | 'isFirst'> & {
  /** The objects that the run is known to have changed, as `Kind/name`. */
  readonly changed: readonly string[];
};

export type Diagnosis = {
  /** The known causes, the root cause first. */
  readonly causes: readonly Cause[];
  /** Whether nothing at all could be read. */
  readonly isBlind: boolean;
  readonly markdown: DiagnosisMarkdown;
  readonly observed: ObservedState;
  readonly pods: readonly PodFacts[];
  readonly files: readonly DiagnosisFile[];
  /** The part of the diagnosis that the log shows. */
  readonly lines: readonly string[];
};

type SeenMesh = { readonly pairs: ObservedState['pairs']; readonly problems: readonly MeshProblem[] };

/** Remembers the deployment and the last observations of a run, and finds why the run does not progress. */
export class Diagnoser {
  /** Returns a text without the secrets of the run. */
  readonly redact: (text: string) => string;
  #subject: Subject | undefined;
  readonly #changed = new Set<string>();
  #mesh: SeenMesh = { pairs: [], problems: [] };
  #diagnosis: Promise<Diagnosis> | undefined;

  constructor(redact: (text: string) => string) {
    this.redact = redact;
  }

  /**
   * Records the deployment that the run works on. `isFirst` keeps its first value, because later phases of the run find
   * the servers that its first phase started.
   */
  about(subject: Subject): void {
    this.#subject = { ...subject, isFirst: this.#subject?.isFirst ?? subject.isFirst };
  }

  /** Records objects that the run changed, as `Kind/name`. */
  changed(objects: readonly string[]): void {
    for (const object of objects) this.#changed.add(object);
  }

  history(): History {
    const { verified, isFirst = false } = this.#subject ?? {};
    return { changed: [...this.#changed], verified, isFirst };
  }

  /** Records the last state of the routes and their problems. */
  saw(pairs: ObservedState['pairs'], problems: readonly MeshProblem[]): void {
    this.#mesh = { pairs, problems };
  }

  /**
   * Reads the present state of the deployment, once. Later calls return the same diagnosis, because a rollback removes
   * the evidence. Returns undefined if the run failed before it knew its deployment. Throws nothing.
   */
  async diagnose(api: KubernetesApi, signal: AbortSignal): Promise<Diagnosis | undefined> {
    const { redact } = this;
    if (this.#subject !== undefined) {
      this.#diagnosis ??= makeDiagnosis({ api, redact, signal }, this.#subject, this.#mesh);
    }
    return await this.#diagnosis;
  }
}

async function makeDiagnosis(
  access: Pick<DiagnosisAccess, 'api' | 'redact' | 'signal'>,
  { spec, servers, certificates }: Subject,
  { pairs, problems }: SeenMesh,
): Promise<Diagnosis> {
  // While servers are missing, every pair may be the problem.
  const areAllServersReached = problems.length > 0 && problems.every(({ to }) => to !== undefined);
  const look = areAllServersReached ? { missingPairs: findMissingPairs(problems) } : {};
  const facts = await collectFacts({ ...access, spec }, look);
  const causes = findCauses(facts);
  const observed = { servers, pairs, certificates };
  const isBlind = facts.pods.length === 0 && facts.statefulSet === undefined && facts.unread.length > 0;
  return {
    causes,
    isBlind,
    observed,
    pods: facts.pods,
    markdown: renderDiagnosis(facts, causes, observed),
    files: renderDiagnosisFiles(facts, causes, observed),
    lines: [
      ...renderCauseLines(facts, causes),
      ...facts.pods.flatMap(renderPodLines),
      ...renderEventLines(facts.events),
    ],
  };
}

/** Adds the root cause to the error of a deadline that passed. Every other failure states its own cause. */
export function explainDeadline(failure: ActionError, server: string, diagnosis: Diagnosis | undefined): ActionError {
  const isDeadline = [failure.code, failure.reason ?? ''].some((each) => DEADLINES.includes(each));
  if (diagnosis === undefined || !isDeadline || failure.reason === 'CredentialPlugin') {
    return failure;
  }
  const { code, message, reason, hint, details } = failure;
  if (diagnosis.isBlind) {
    return new ActionError('CLUSTER_UNREACHABLE', `${server} no longer answers: ${message}`, {
      reason: 'NoAnswer',
      hint: 'Check that the API server runs and that this runner can reach it, then run the job again: it continues where this run stopped.',
      details: { server },
      cause: failure,
    });
  }
  const [root] = diagnosis.causes;
  const isReported = root === undefined || root.reason === reason;
  return isReported
    ? failure
    : new ActionError(code, `${message}; cause: ${root.message}`, {
        ...(reason === undefined ? {} : { reason }),
        // Another deploy would meet the same cause.
        hint: code === 'DRIFT' ? root.hint : `${root.hint} ${hint}`,
        details,
        cause: failure,
      });
}

/**
 * The codes and reasons of a deadline that passed. `verify` has its own deadline for the mesh, and reports it with the
 * last two reasons.
 */
const DEADLINES: readonly string[] = ['WAIT_TIMEOUT', 'MESH_INCOMPLETE', 'ServersDiffer', 'ServersSilent'];

/** The certificate that a server refused, as its log names it. The common name is the server that presented it. */
const REFUSED_CERTIFICATE = /\(CN=([^\s()=]{1,63}) SHA-256: ([0-9a-f]{64})\)/;

/**
 * Adds two facts to an error about a refused route certificate: the server that presents it, and whether it is the
 * certificate that was issued for that server.
 */
export function explainCertificate(failure: ActionError, diagnosis: Diagnosis | undefined): ActionError {
  const { code, message, reason, hint, details } = failure;
  const [, server = '', served = ''] = REFUSED_CERTIFICATE.exec(message) ?? [];
  const issued = diagnosis?.observed.certificates.find(({ name }) => name === `route of ${server}`)?.fingerprint256;
  if (issued === undefined) return failure;
  const finding =
    issued === served
      ? `${server} presents the certificate that was issued for it (SHA-256 ${shortenFingerprint(served)}), so the other server trusts another CA`
      : `${server} presents the certificate ${shortenFingerprint(served)} (SHA-256), but ${shortenFingerprint(issued)} was issued for it`;
  const fields = { ...(reason === undefined ? {} : { reason }), hint, details, cause: failure };
  return new ActionError(code, `${message}. ${finding}`, fields);
}

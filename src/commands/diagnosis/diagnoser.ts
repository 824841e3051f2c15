import type { ClusterSpec } from '../../cluster/spec.ts';
import {
  type CertificateSight,
  causeLines,
  type DiagnosisFile,
  diagnosisFiles,
  eventLines,
  podLines,
  type Sight,
} from '../../diagnosis/bundle.ts';
import type { Cause } from '../../diagnosis/cause.ts';
import { causesOf } from '../../diagnosis/causes.ts';
import { type DiagnosisMarkdown, diagnosisMarkdown } from '../../diagnosis/markdown.ts';
import type { KubernetesApi } from '../../kubernetes/api.ts';
import type { MeshProblem } from '../../nats/mesh/observation.ts';
import { missingPairs } from '../gate/missing-pairs.ts';
import { collectFacts } from './diagnosis.ts';

/** The deployment that a run works on, once it is known. */
export type Subject = {
  readonly spec: Pick<ClusterSpec, 'name' | 'namespace' | 'replicas'>;
  readonly servers: readonly string[];
  readonly certificates: readonly CertificateSight[];
};

export type Diagnosis = {
  /** The known causes, the root cause first. */
  readonly causes: readonly Cause[];
  /** Whether nothing at all could be read. */
  readonly isBlind: boolean;
  readonly markdown: DiagnosisMarkdown;
  readonly sight: Sight;
  readonly files: readonly DiagnosisFile[];
  /** The part of the diagnosis that the log shows. */
  readonly lines: readonly string[];
};

/** Remembers the deployment and the last observations of a run, and finds why the run does not progress. */
export type Diagnoser = {
  /** Returns a text without the secrets of the run. */
  readonly redact: (text: string) => string;
  readonly about: (subject: Subject) => void;
  /** Records the last state of the routes and their problems. */
  readonly saw: (pairs: Sight['pairs'], problems: readonly MeshProblem[]) => void;
  /**
   * Reads the present state of the deployment, once. Later calls return the same diagnosis, because a rollback removes
   * the evidence. Returns undefined when the run had not reached a deployment. Throws nothing.
   */
  readonly diagnose: (api: KubernetesApi, signal: AbortSignal) => Promise<Diagnosis | undefined>;
};

type SeenMesh = { readonly pairs: Sight['pairs']; readonly problems: readonly MeshProblem[] };

export function createDiagnoser(redact: (text: string) => string): Diagnoser {
  let subject: Subject | undefined;
  let mesh: SeenMesh = { pairs: [], problems: [] };
  let diagnosis: Promise<Diagnosis> | undefined;
  return {
    redact,
    about: (next) => {
      subject = next;
    },
    saw: (pairs, problems) => {
      mesh = { pairs, problems };
    },
    diagnose: async (api, signal) => {
      diagnosis ??= subject === undefined ? undefined : diagnosed({ api, redact, signal }, subject, mesh);
      return await diagnosis;
    },
  };
}

async function diagnosed(
  terms: { readonly api: KubernetesApi; readonly redact: Diagnoser['redact']; readonly signal: AbortSignal },
  { spec, servers, certificates }: Subject,
  { pairs, problems }: SeenMesh,
): Promise<Diagnosis> {
  // While servers are missing, every pair may be the problem.
  const isJudged = problems.length > 0 && problems.every(({ to }) => to !== undefined);
  const look = isJudged ? { missingPairs: missingPairs(problems) } : {};
  const facts = await collectFacts({ ...terms, spec }, look);
  const causes = causesOf(facts);
  const sight = { servers, pairs, certificates };
  const isBlind = facts.pods.length === 0 && facts.statefulSet === undefined && facts.unread.length > 0;
  return {
    causes,
    isBlind,
    sight,
    markdown: diagnosisMarkdown(facts, causes, sight),
    files: diagnosisFiles(facts, causes, sight),
    lines: [...causeLines(facts, causes), ...facts.pods.flatMap(podLines), ...eventLines(facts.events)],
  };
}

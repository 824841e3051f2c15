import type { ActionError } from '../errors.ts';
import type { Phase } from './deploy-report.ts';
import type { Markdown } from './markdown.ts';
import type { Pair } from './mesh-diagram.ts';

/** The report of a failed run; it contains no secret. */
export type FailureReport = {
  readonly error: ActionError;
  /** The run; undefined where the inputs could not be read. */
  readonly run:
    | {
        readonly command: string;
        /** The name; undefined when the run was about more than one deployment. */
        readonly name: string | undefined;
        /** The namespace; undefined for all namespaces. */
        readonly namespace: string | undefined;
        /** The Kubernetes cluster, and the source of the kubeconfig. */
        readonly cluster?: string;
        /** The phase in which the run ended. */
        readonly phase: string;
        readonly phases: readonly Phase[];
      }
    | undefined;
  /** The diagnosis; undefined where the cluster was not inspected. */
  readonly diagnosis: FailureDiagnosis | undefined;
};

export type FailureDiagnosis = {
  /** The reason of the root cause; undefined when none is known. */
  readonly reason: string | undefined;
  /** The root cause with its evidence and the next action. */
  readonly root: Markdown;
  /** Everything that was observed, folded. */
  readonly rest: Markdown;
  readonly servers: readonly string[];
  /** The observed pairs; servers that did not answer have no pairs. */
  readonly pairs: readonly Pair[];
};

/** Returns the report of a run that did not inspect the cluster. */
export function plainFailure(error: ActionError): FailureReport {
  return { error, run: undefined, diagnosis: undefined };
}

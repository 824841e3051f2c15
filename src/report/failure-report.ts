import type { ActionError } from '../errors.ts';
import type { Phase } from './deploy-report.ts';
import type { Markdown } from './markdown.ts';
import type { Pair } from './mesh-diagram.ts';

/** Everything a run that did not pass has to tell; nothing in it is secret. */
export type FailureReport = {
  readonly error: ActionError;
  /** Undefined where the inputs could not be read. */
  readonly run:
    | {
        readonly command: string;
        /** Undefined where it was about more than one deployment. */
        readonly name: string | undefined;
        /** Undefined for all. */
        readonly namespace: string | undefined;
        /** Where it ended. */
        readonly phase: string;
        readonly phases: readonly Phase[];
      }
    | undefined;
  /** Undefined where nobody looked. */
  readonly diagnosis: FailureDiagnosis | undefined;
};

export type FailureDiagnosis = {
  /** The reason of the root cause; undefined when none is known. */
  readonly reason: string | undefined;
  /** The root cause with its evidence and the next action. */
  readonly root: Markdown;
  /** Everything that was seen, folded. */
  readonly rest: Markdown;
  readonly servers: readonly string[];
  /** Only what was seen: of servers that did not answer there is none. */
  readonly pairs: readonly Pair[];
};

/** Of a run without a look at the cluster. */
export function plainFailure(error: ActionError): FailureReport {
  return { error, run: undefined, diagnosis: undefined };
}

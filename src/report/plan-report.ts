import type { ChangeClass } from '../change/input-change.ts';
import type { ObjectChange } from '../plan/object-change.ts';
import type { ServerEffects } from '../plan/server-effects.ts';
import type { RotationPhase } from '../rotation/track.ts';

/** What `deploy` would do; nothing in it is secret. */
export type PlanReport = {
  readonly result: 'planned' | 'unchanged';
  /** Whether `deploy` would change anything. */
  readonly changed: boolean;
  /** The gravest of all that changes; undefined when nothing does. */
  readonly change: ChangeClass | undefined;
  /** `objects`: the API server was asked about each. `none`: without the namespace it could not be. */
  readonly level: 'objects' | 'none';
  readonly name: string;
  readonly namespace: string;
  readonly createsNamespace: boolean;
  readonly url: string;
  readonly externalUrl: string | undefined;
  readonly image: string;
  readonly servers: readonly string[];
  readonly readyReplicas: number;
  readonly clientSecret: string;
  readonly configRevision: string;
  /** Where the rotation gets to before it waits. */
  readonly rotationPhase: RotationPhase;
  /** Undefined where servers are to run something that is yet to be issued. */
  readonly running:
    | {
        readonly revision: string;
        readonly clientTrust: string;
        readonly certificateNotAfter: Date;
        readonly renewalDue: Date;
      }
    | undefined;
  /** Lines on the inputs that differ from the last deployment. */
  readonly inputs: readonly string[];
  readonly objects: readonly ObjectChange[];
  readonly effects: ServerEffects;
  /** `effects` in words. */
  readonly consequences: readonly string[];
  /** What would be issued, and why. */
  readonly certificates: readonly string[];
  /** The phases of a rotation that would be gone through. */
  readonly rotation: readonly string[];
  /** What else is worth knowing before. */
  readonly notes: readonly string[];
};

/** Everything that `deploy` would report as changed, as `Kind/name`. */
export function changedNames({ objects, effects }: Pick<PlanReport, 'objects' | 'effects'>): readonly string[] {
  return [...objects.map(({ object }) => object), ...effects.replaced.map((pod) => `Pod/${pod}`)];
}

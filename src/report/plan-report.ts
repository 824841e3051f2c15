import type { ChangeClass } from '../change/input-change.ts';
import type { ObjectChange } from '../plan/object-change.ts';
import type { ServerEffects } from '../plan/server-effects.ts';
import type { RotationPhase } from '../rotation/track.ts';

/** The changes that `deploy` would make; the report contains no secret. */
export type PlanReport = {
  readonly result: 'planned' | 'unchanged';
  /** Whether `deploy` would change anything. */
  readonly changed: boolean;
  /** The change with the greatest effect; undefined when nothing changes. */
  readonly change: ChangeClass | undefined;
  /**
   * The scope of the plan. `objects`: the API server checked each object. `none`: the API server could not check them,
   * because the namespace does not exist.
   */
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
  /** The phase that the rotation reaches before it waits. */
  readonly rotationPhase: RotationPhase;
  /**
   * The facts about the running servers. Undefined when `deploy` would change an object of the volume that servers
   * read.
   */
  readonly running:
    | {
        readonly revision: string;
        readonly clientTrust: string;
        readonly certificateNotAfter: Date;
        readonly renewalDue: Date;
      }
    | undefined;
  /** The lines about the inputs that differ from the last deployment. */
  readonly inputs: readonly string[];
  readonly objects: readonly ObjectChange[];
  readonly effects: ServerEffects;
  /** The effects in words. */
  readonly consequences: readonly string[];
  /** The certificates that would be issued, with the reason. */
  readonly certificates: readonly string[];
  /** The rotation phases that would be completed. */
  readonly rotation: readonly string[];
  /** The notes for the user before a deployment. */
  readonly notes: readonly string[];
};

/** Returns everything that `deploy` would report as changed, as `Kind/name`. */
export function changedNames({ objects, effects }: Pick<PlanReport, 'objects' | 'effects'>): readonly string[] {
  return [...objects.map(({ object }) => object), ...effects.replaced.map((pod) => `Pod/${pod}`)];
}

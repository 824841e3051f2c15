import type { InputChange } from '../change/input-change.ts';
import type { VerifyLevel } from '../manifests/permissions.ts';
import type { RotationPhase } from '../rotation/track.ts';

/** A certificate in use, or an authority that is trusted. */
export type ReportedCertificate = {
  readonly kind: 'server' | 'route' | 'client' | 'authority';
  /** Whose it is: a deployment, a server, a user or a named client; of an authority, for whom it is trusted. */
  readonly name: string;
  readonly notAfter: Date;
};

/** One part of a run, and how long it took. */
export type Phase = { readonly name: string; readonly ms: number };

/** How a client shows who it is, beside what the Secret for clients holds. */
export type SignIn = {
  /** `user`: with a password; `jwt`: users are proved by the operator's credentials, and the Secret holds none. */
  readonly by: 'user' | 'certificate' | 'jwt';
  /** The Secret with the certificate that servers ask every client for; undefined when they ask for none. */
  readonly certificateSecret: string | undefined;
};

/** Everything a finished deployment has to tell; nothing in it is secret. */
export type DeployReport = {
  readonly changed: boolean;
  readonly result: 'deployed' | 'unchanged' | 'rotated' | 'rotating' | 'verified';
  /** `objects`: the servers themselves could not be asked. */
  readonly level: VerifyLevel;
  readonly rotationPhase: RotationPhase;
  readonly name: string;
  readonly namespace: string;
  /** Until when a preview stays; undefined for what is none, or was not deployed by this run. */
  readonly expires?: Date | undefined;
  readonly url: string;
  /** Where clients outside of the cluster connect; undefined when none can, or nothing is known of it. */
  readonly externalUrl: string | undefined;
  readonly image: string;
  readonly servers: readonly string[];
  /** The releases that the servers say they run. */
  readonly versions: readonly string[];
  readonly readyReplicas: number;
  /** Who leads JetStream, as all servers say; undefined without, and where one server is alone. */
  readonly metaLeader: string | undefined;
  /** How many connections each server holds to each peer. */
  readonly pairs: readonly { readonly from: string; readonly to: string; readonly connections: number }[];
  /** PEM of the authorities clients have to trust. */
  readonly clientTrust: string;
  readonly clientSecret: string;
  readonly signIn: SignIn;
  readonly certificates: readonly ReportedCertificate[];
  readonly certificateNotAfter: Date;
  readonly renewalDue: Date;
  readonly revision: string;
  readonly configRevision: string;
  /** Inputs that differ from the deployment before, each with what that did to the servers. */
  readonly inputChanges: readonly InputChange[];
  readonly changedObjects: readonly string[];
  readonly reloaded: readonly string[];
  /** Whom the reloads disconnected, in the words of the plan. */
  readonly disconnected: string;
  readonly issued: readonly string[];
  readonly proofs: readonly string[];
  /** When and by which run the same servers were verified from outside, where this run found nothing changed since. */
  readonly earlierProofs?: { readonly at: string; readonly by: string } | undefined;
  /** In the order they began. */
  readonly phases: readonly Phase[];
};

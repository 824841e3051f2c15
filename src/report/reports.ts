import type { InputChange } from '../change/input-change.ts';
import type { ActionError } from '../errors/action-error.ts';
import type { VerifyLevel } from '../manifests/permission-rules.ts';
import type { RotationPhase } from '../rotation/track.ts';
import type { Markdown } from '../text/markdown.ts';

/** An object that has a name of the deployment but is kept, and the reason. */
export type LeftObject = { readonly object: string; readonly why: string };

/** The result of a deletion. Objects are named `Kind/name`. */
export type DeletionReport = {
  readonly kind: 'deletion';
  readonly name: string;
  readonly namespace: string;
  readonly deleted: readonly string[];
  readonly left: readonly LeftObject[];
};

/** A certificate in use, or a trusted CA. */
export type ReportedCertificate = {
  readonly kind: 'server' | 'route' | 'client' | 'authority';
  /**
   * The owner of the certificate: a deployment, a server, a user or a named client. For a CA, the peers that it is
   * trusted for.
   */
  readonly name: string;
  readonly notAfter: Date;
};

/** One part of a run, and its duration. */
export type Phase = { readonly name: string; readonly ms: number };

/** The way in which clients authenticate. */
export type SignIn = {
  /**
   * The method of authentication. `user`: the client has a password. `jwt`: the client uses credentials of the
   * operator, and the Secret contains none.
   */
  readonly by: 'user' | 'certificate' | 'jwt';
  /** The Secret with the client certificate that servers require of every client; undefined when they require none. */
  readonly certificateSecret: string | undefined;
};

/** The report of a finished deployment; it contains no secret. */
export type DeployReport = {
  readonly changed: boolean;
  readonly result: 'deployed' | 'unchanged' | 'rotated' | 'rotating' | 'verified';
  /** The scope of the check; `objects` means that only the objects were checked, and no server. */
  readonly level: VerifyLevel;
  readonly rotationPhase: RotationPhase;
  readonly name: string;
  readonly namespace: string;
  /** The expiry of a preview. Undefined for a permanent cluster, and for one that this run did not deploy. */
  readonly expires?: Date | undefined;
  readonly url: string;
  /** The URL for clients outside of the cluster. Undefined when they cannot connect or the URL is unknown. */
  readonly externalUrl: string | undefined;
  readonly image: string;
  readonly servers: readonly string[];
  /** The releases that the servers report. */
  readonly versions: readonly string[];
  readonly readyReplicas: number;
  /** The JetStream meta leader that all servers report. Undefined without JetStream, and for a single server. */
  readonly metaLeader: string | undefined;
  /** The number of connections that each server holds to each peer. */
  readonly pairs: readonly { readonly from: string; readonly to: string; readonly connections: number }[];
  /** The CA certificates that clients must trust, as PEM. */
  readonly clientTrust: string;
  readonly clientSecret: string;
  readonly signIn: SignIn;
  readonly certificates: readonly ReportedCertificate[];
  readonly certificateNotAfter: Date;
  readonly renewalDue: Date;
  readonly revision: string;
  readonly configRevision: string;
  /** The inputs that differ from the previous deployment, each with its effect on the servers. */
  readonly inputChanges: readonly InputChange[];
  readonly changedObjects: readonly string[];
  readonly reloaded: readonly string[];
  /** The clients that the reloads disconnected. `describeDisconnections` writes this text for the plan too. */
  readonly disconnected: string;
  readonly issued: readonly string[];
  readonly proofs: readonly string[];
  /**
   * The earlier run that verified the servers from outside, and its time. Present only if nothing has changed since
   * then, so that this run did not repeat the checks.
   */
  readonly earlierProofs?: { readonly at: string; readonly by: string } | undefined;
  /** The phases in the order in which they began. */
  readonly phases: readonly Phase[];
};

/** A preview, as `namespace/name`, and the reason why it was deleted or stays. */
export type PreviewOutcome = { readonly preview: string; readonly why: string };

/** The result for the previews that were found. */
export type PruneReport = {
  readonly kind: 'prune';
  /** The namespace; undefined for all namespaces. */
  readonly namespace: string | undefined;
  readonly pruned: readonly PreviewOutcome[];
  readonly staying: readonly PreviewOutcome[];
  readonly failed: readonly { readonly preview: string; readonly error: ActionError }[];
  /** The namespaces that were deleted with their last preview. */
  readonly namespaces: readonly string[];
  /** The objects that have a name of a deleted preview but are kept. Objects are named `namespace: Kind/name`. */
  readonly left: readonly LeftObject[];
};

/** The result of a rendering; it contains no secret. */
export type RenderReport = {
  readonly name: string;
  readonly namespace: string;
  readonly format: string;
  /** The absolute path of the folder with the files. */
  readonly folder: string;
  /** The paths of the files below the folder. */
  readonly files: readonly string[];
  /** The files with passwords and private keys. */
  readonly secretFiles: readonly string[];
  /** The removed files of an earlier rendering that this rendering does not contain. */
  readonly removed: readonly string[];
  /** The files of an earlier rendering that were kept because they were edited since. */
  readonly kept: readonly string[];
  readonly url: string;
  readonly servers: readonly string[];
  readonly clientSecret: string;
  /** The Secrets that must exist, one line each. */
  readonly needed: readonly Markdown[];
  readonly notes: readonly Markdown[];
  readonly configRevision: string;
};

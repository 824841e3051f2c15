import type { ClusterFaults } from '../cluster/faults.ts';
import type { ActionResult } from '../support/action.ts';
import type { TestDeployment } from '../support/deployment.ts';
import type { Asked, HeldRequests } from '../support/held-requests.ts';
import type { TestNamespace } from '../support/namespace.ts';

export type Inputs = Readonly<Record<string, string>>;
export type Undo = () => Promise<void>;

/** A run of the action that goes on. */
export type Running = {
  readonly result: Promise<ActionResult>;
  /** When it ended; undefined while it goes on. */
  readonly endedAt: () => number | undefined;
  /** Resolves with the time when a log line fits; rejects when the run ends without one. */
  readonly line: (pattern: RegExp) => Promise<number>;
  readonly kill: (signal: NodeJS.Signals) => void;
};

/** Where a fault is made: a namespace with a user who holds the published Role. */
export type Scene = {
  readonly deployment: TestDeployment;
  readonly start: (inputs?: Inputs) => Running;
  /** Requests of the runs started with `through` that fit wait until they are released; all are at the row's end. */
  readonly hold: (isHeld: (asked: Asked) => boolean) => Promise<HeldRequests>;
  /** A kubeconfig input that leads through held requests. */
  readonly through: (held: HeldRequests) => Promise<Inputs>;
};

/** A scene on an embedded cluster that is there to be broken. */
export type BreakableScene = Scene & { readonly faults: ClusterFaults };

export type Made = {
  /** The run that meets the fault. */
  readonly run: Running;
  /** When the fault could be read from the API or a server's log, by a watch of the test's own. */
  readonly visible?: Promise<number>;
  /** Removes the cause. */
  readonly undo?: Undo;
};

export type Fault<On extends Scene = Scene> = {
  /** What is wrong, in a few words. */
  readonly fault: string;
  /** `nothing` (the default): a namespace of its own. `running`: the theme's deployment, whole when the row begins. */
  readonly on?: 'nothing' | 'running';
  /** Inputs of the faulty run and of the one afterwards. */
  readonly inputs?: Inputs;
  /** Inputs of the run afterwards alone. */
  readonly again?: Inputs | ((space: TestNamespace) => Inputs);
  readonly make: (scene: On) => Promise<Made>;
  /** The title of the annotation, or `green`. */
  readonly code: string | RegExp;
  /** In the message. */
  readonly tells?: readonly (string | RegExp)[];
  /** On the lines after it. */
  readonly hint?: readonly (string | RegExp)[];
  /** The servers once the run has ended, as `nats-0 Ready, nats-1 ErrImagePull`. */
  readonly state?: RegExp;
  /** Further that must hold when the run has ended. */
  readonly check?: (scene: On, result: ActionResult) => Promise<void>;
  /** How long it may take from visible to exit. */
  readonly withinSeconds?: number;
};

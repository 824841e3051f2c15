import type { ClusterFaults } from '../cluster/faults.ts';
import type { ActionResult } from '../support/action.ts';
import type { TestDeployment } from '../support/deployment.ts';
import type { Asked, HeldRequests } from '../support/held-requests.ts';
import type { TestNamespace } from '../support/namespace.ts';

export type Inputs = Readonly<Record<string, string>>;
export type Undo = () => Promise<void>;

/** A running action. */
export type Running = {
  readonly result: Promise<ActionResult>;
  /** Returns the end time; undefined while the action runs. */
  readonly endedAt: () => number | undefined;
  /** Resolves with the time when a log line matches; rejects when the run ends without one. */
  readonly line: (pattern: RegExp) => Promise<number>;
  readonly kill: (signal: NodeJS.Signals) => void;
};

/** The environment of a fault: a namespace, and a user with the published Role. */
export type Scene = {
  readonly deployment: TestDeployment;
  readonly start: (inputs?: Inputs) => Running;
  /**
   * Holds matching requests of runs that use the kubeconfig of `through`, until the test releases them. The end of the
   * row releases all of them.
   */
  readonly hold: (isHeld: (asked: Asked) => boolean) => Promise<HeldRequests>;
  /** Returns a kubeconfig whose requests pass the proxy that holds matching ones. */
  readonly through: (held: HeldRequests) => Promise<Inputs>;
};

/** A scene on an embedded cluster that tests may break. */
export type BreakableScene = Scene & { readonly faults: ClusterFaults };

export type Made = {
  /** The run with the fault. */
  readonly run: Running;
  /** The time when a watch of the test saw the fault in the API or in the log of a server. */
  readonly visible?: Promise<number>;
  /** Removes the cause. */
  readonly undo?: Undo;
};

export type Fault<On extends Scene = Scene> = {
  /** The fault in a few words. */
  readonly fault: string;
  /**
   * The place of the fault. `nothing` (the default): a namespace of its own. `running`: the theme's deployment, whole
   * when the row begins.
   */
  readonly on?: 'nothing' | 'running';
  /** Inputs of the faulty run and of the run after it. */
  readonly inputs?: Inputs;
  /** Inputs of the run after the faulty run only. */
  readonly again?: Inputs | ((space: TestNamespace) => Inputs);
  readonly make: (scene: On) => Promise<Made>;
  /** The title of the annotation, or `green`. */
  readonly code: string | RegExp;
  /** The expected texts in the message. */
  readonly tells?: readonly (string | RegExp)[];
  /** The expected texts on the lines after the message. */
  readonly hint?: readonly (string | RegExp)[];
  /** The state of the servers at the end of the run, as `nats-0 Ready, nats-1 ErrImagePull`. */
  readonly state?: RegExp;
  /** Checks further conditions at the end of the run. */
  readonly check?: (scene: On, result: ActionResult) => Promise<void>;
  /** The limit for the time from the moment when the fault is visible to the exit of the run. */
  readonly withinSeconds?: number;
};

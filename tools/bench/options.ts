/** What the command line asks for beside the names of benches. */
export type BenchOptions = {
  /** Folder of the official Helm chart (`helm/charts/nats` of nats-io/k8s); without it that peer is left out. */
  readonly chart: string | undefined;
  /** How often a figure of a cluster is taken. */
  readonly rounds: number;
};

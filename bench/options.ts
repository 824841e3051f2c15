/** The options of the command line other than the names of benches. */
export type BenchOptions = {
  /**
   * Folder of the official Helm chart (`helm/charts/nats` of nats-io/k8s). Without it, the comparison with Helm is left
   * out.
   */
  readonly chart: string | undefined;
  /** The number of measurements for each figure of a cluster. */
  readonly rounds: number;
};

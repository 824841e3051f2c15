import process from 'node:process';
import type { Inputs, RenderInputs } from '../../inputs/inputs.ts';
import { connectKubernetes, type KubernetesApi } from '../../kubernetes/api.ts';
import type { ClusterConnection } from '../../kubernetes/cluster-connection.ts';
import type { CredentialSource } from '../../kubernetes/credentials.ts';
import { loadKubeConfig } from '../../kubernetes/kubeconfig.ts';
import type { SecretTraffic } from '../../kubernetes/secret-traffic.ts';
import { findSecretsInData } from '../../manifests/secret-values.ts';
import { describePlace, type RunPlace } from '../../report/failure-summary.ts';
import type { Runner } from '../../runner/runner.ts';
import { bindExpectedCluster, checkOrigin, describeCluster } from './expected-cluster.ts';

type ClusterInputs = Exclude<Inputs, RenderInputs>;

/** The Kubernetes cluster of a run. */
export type LoadedCluster = {
  /** The line that says which cluster the run talks to. */
  readonly description: string;
  readonly server: string;
  readonly credentials: CredentialSource;
  /** The command, and the NATS cluster that the run is about. */
  readonly place: RunPlace;
  /** Connects to the cluster. Refuses a cluster that may not be the intended one. */
  readonly connect: () => KubernetesApi;
};

/** Reads the kubeconfig, and prints what the run is about and which cluster it talks to before any other line. */
export function loadCluster(inputs: ClusterInputs, runner: Runner): LoadedCluster {
  const hide = (text: string): void => runner.hide({ text, source: 'kubeconfig' });
  const connection = loadKubeConfig(inputs.kubeconfig, inputs.context, process.env, hide);
  const description = describeCluster(connection);
  const place = locateRun(inputs, connection.namespace);
  runner.locate(place);
  runner.info(`${place.command}: ${describePlace(place)}`);
  runner.info(description);
  const traffic: SecretTraffic = {
    saw: (name, texts) => findSecretsInData(name, texts).forEach(runner.hide),
    listed: runner.release,
    sends: hide,
  };
  const connect = (): KubernetesApi => connectKubernetes(admitCluster(inputs, connection, runner), traffic);
  const { server, credentials } = connection;
  return { description, server, credentials, place, connect };
}

/** Returns the command, the name and the namespace of a run. `ofContext` is the namespace of the context. */
function locateRun(inputs: ClusterInputs, ofContext = 'default'): RunPlace {
  const { command, namespace = ofContext } = inputs;
  if (inputs.command !== 'prune') return { command, name: inputs.name, namespace };
  return { command, name: undefined, namespace: inputs.allNamespaces ? undefined : namespace };
}

/** Refuses a cluster that may not be the intended one. Returns the connection to the intended cluster. */
function admitCluster(inputs: ClusterInputs, connection: ClusterConnection, runner: Runner): ClusterConnection {
  const { command, expectedCluster } = inputs;
  const warning = checkOrigin({ command, hasExpectedCluster: expectedCluster !== undefined }, connection);
  for (const text of [...(warning === undefined ? [] : [warning]), ...connection.warnings]) {
    runner.warning('kubeconfig', text);
  }
  return bindExpectedCluster(connection, expectedCluster);
}

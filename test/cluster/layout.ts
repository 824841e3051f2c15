import { join } from 'node:path';
import { clusterDirectory } from './directories.ts';

/** Addresses inside the cluster's own network namespace; equal in every cluster, and reachable only from inside. */
export const ADDRESSES = {
  apiServer: '172.31.0.1',
  apiService: '10.96.0.1',
  dns: '10.96.0.10',
  podGateway: '10.244.0.1',
  podRange: '10.244.0.0/16',
  serviceRange: '10.96.0.0/16',
} as const;

export const API_PORT = 6443;

export type DnsCache = 'on' | 'off';

/** The files and folders of one cluster. */
export type ClusterLayout = {
  readonly name: string;
  readonly directory: string;
  readonly programs: string;
  readonly controlSocket: string;
  readonly kubeconfig: string;
  readonly state: string;
  readonly audit: string;
  readonly log: (program: string) => string;
  readonly file: (...path: readonly string[]) => string;
};

/** The parameters of a running cluster; written after the API's port is known. */
export type ClusterState = { readonly programs: string; readonly port: number; readonly nodes: number };

export function clusterLayout(name: string, programs: string): ClusterLayout {
  const directory = clusterDirectory(name);
  const file = (...path: readonly string[]): string => join(directory, ...path);
  return {
    name,
    directory,
    programs,
    controlSocket: file('control.sock'),
    kubeconfig: file('kubeconfig'),
    state: file('state.json'),
    audit: file('log', 'audit.jsonl'),
    log: (program) => file('log', `${program}.log`),
    file,
  };
}

export function nodeName(index: number): string {
  return `node-${index}`;
}

export function nodeAddress(index: number): string {
  return `172.31.0.${10 + index}`;
}

/** Returns the cgroup of all nodes of a cluster, below the root of each hierarchy. */
export function clusterCgroup(name: string): string {
  return `nats-cluster-action-${name}`;
}

/** The version of the embedded Kubernetes. A change of the versions here causes a new build. */
export const KUBERNETES_VERSION = '1.36.3';
export const CONTAINERD_VERSION = '2.4.2';
export const EXPORTER_VERSION = '0.17.3';
/** The version of the program `nats`, which the image of clients holds. */
export const NATS_CLI_VERSION = '0.5.1';
/** The version of the public image that has the program at the same place. */
export const NATS_BOX_VERSION = '0.19.7';

/** The version of the program `helm`, which installs rendered charts. */
export const HELM_VERSION = '4.3.1';

/** The newest patch of every nats-server release line under test; 2.9 is the one that must be refused. */
export const NATS_SERVER_VERSIONS = ['2.9.25', '2.10.29', '2.11.17', '2.12.15', '2.14.9', '2.15.2'] as const;
export type NatsServerVersion = (typeof NATS_SERVER_VERSIONS)[number];
export const DEFAULT_NATS_SERVER_VERSION = '2.15.2' satisfies NatsServerVersion;

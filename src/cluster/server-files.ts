const CONFIGURATION_DIRECTORY = '/etc/nats';
const PID_DIRECTORY = '/var/run/nats';
const DATA_DIRECTORY = '/data';

/**
 * The paths of a server's files. All files except the pid file are in one projected volume, which the kubelet replaces
 * atomically.
 */
export const serverFiles = {
  configurationDirectory: CONFIGURATION_DIRECTORY,
  configuration: `${CONFIGURATION_DIRECTORY}/nats.conf`,
  serverCertificate: `${CONFIGURATION_DIRECTORY}/server/tls.crt`,
  serverKey: `${CONFIGURATION_DIRECTORY}/server/tls.key`,
  clientTrust: `${CONFIGURATION_DIRECTORY}/server/ca.crt`,
  routeTrust: `${CONFIGURATION_DIRECTORY}/route-ca.crt`,
  /**
   * The mount path of the stream volume. Streams are in a folder below it, which keeps other content of the volume
   * (`lost+found`) apart.
   */
  dataDirectory: DATA_DIRECTORY,
  streams: `${DATA_DIRECTORY}/jetstream`,
  pidDirectory: PID_DIRECTORY,
  pid: `${PID_DIRECTORY}/nats.pid`,
} as const;

/**
 * The variables in which servers that share one configuration differ. nats.conf refers to each as a whole value
 * (`server_name: $SERVER_NAME`). The values carry quotes, because nats-server parses them again as configuration: a pod
 * named `12-nats-0` would otherwise be an invalid date.
 */
export const serverEnvironment = {
  podName: 'POD_NAME',
  serverName: 'SERVER_NAME',
  clientAdvertise: 'CLIENT_ADVERTISE',
  routeAdvertise: 'ROUTE_ADVERTISE',
  routeCertificate: 'ROUTE_CERT',
  routeKey: 'ROUTE_KEY',
} as const;

/**
 * Returns the key of a pod's route certificate in the routes Secret, which is also its file name in the folder of
 * `serverFiles.routeTrust`.
 */
export function routeCertificateKey(pod: string): string {
  return `route-${pod}.crt`;
}

/** Returns the key of a pod's route private key in the routes Secret. */
export function routePrivateKeyKey(pod: string): string {
  return `route-${pod}.key`;
}

/** Checks whether a file in the configuration folder belongs to the Action, independent of the deployment. */
export function isServerFile(name: string): boolean {
  return /^(?:nats\.conf|server|route[.-].*)$/.test(name);
}

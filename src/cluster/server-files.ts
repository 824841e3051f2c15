const CONFIGURATION_DIRECTORY = '/etc/nats';
const PID_DIRECTORY = '/var/run/nats';
const DATA_DIRECTORY = '/data';

/** Where a server finds its files: all but the pid file in one projected volume, which the kubelet swaps at once. */
export const serverFiles = {
  configurationDirectory: CONFIGURATION_DIRECTORY,
  configuration: `${CONFIGURATION_DIRECTORY}/nats.conf`,
  serverCertificate: `${CONFIGURATION_DIRECTORY}/server/tls.crt`,
  serverKey: `${CONFIGURATION_DIRECTORY}/server/tls.key`,
  clientTrust: `${CONFIGURATION_DIRECTORY}/server/ca.crt`,
  routeTrust: `${CONFIGURATION_DIRECTORY}/route-ca.crt`,
  /** Where the volume of the streams is; the folder in it keeps what else is on a volume (`lost+found`) out. */
  dataDirectory: DATA_DIRECTORY,
  streams: `${DATA_DIRECTORY}/jetstream`,
  pidDirectory: PID_DIRECTORY,
  pid: `${PID_DIRECTORY}/nats.pid`,
} as const;

/**
 * The variables in which servers that share one configuration differ. nats.conf refers to each as a whole value
 * (`server_name: $SERVER_NAME`); their values carry quotes, for nats-server parses them again as configuration
 * (a pod named `12-nats-0` would otherwise read as a bad date).
 */
export const serverEnvironment = {
  podName: 'POD_NAME',
  serverName: 'SERVER_NAME',
  clientAdvertise: 'CLIENT_ADVERTISE',
  routeAdvertise: 'ROUTE_ADVERTISE',
  routeCertificate: 'ROUTE_CERT',
  routeKey: 'ROUTE_KEY',
} as const;

/** The key of a pod's route certificate in the routes Secret; the file beside `serverFiles.routeTrust`. */
export function routeCertificateKey(pod: string): string {
  return `route-${pod}.crt`;
}

/** The key of a pod's route private key in the routes Secret. */
export function routePrivateKeyKey(pod: string): string {
  return `route-${pod}.key`;
}

/** Whether a file beside the configuration is one of ours, whatever the deployment. */
export function isServerFile(name: string): boolean {
  return /^(?:nats\.conf|server|route[.-].*)$/.test(name);
}

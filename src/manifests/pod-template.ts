import { clusterNames, configurationSecretName, type Labels, objectLabels, selectorLabels } from '../cluster/names.ts';
import { type ClusterSpec, TERMINATION_GRACE_SECONDS } from '../cluster/spec.ts';
import { secretKeys } from './material.ts';
import {
  buildMetricsContainer,
  buildServerContainer,
  CONFIGURATION_VOLUME,
  PID_VOLUME,
  SHARED_ROUTE_CERTIFICATE,
  SHARED_ROUTE_KEY,
} from './server-container.ts';
import { buildResolverVolumes, buildStoreVolumes } from './stores.ts';

/**
 * The user and group id of the servers: unprivileged and independent of the image. The official images name no user of
 * their own.
 */
const SERVER_ID = 1000;

// A sidecar would terminate the TLS that the Action verifies, and NATS servers speak first. Istio reads the label (and,
// in old releases, the annotation), Linkerd the annotation.
const WITHOUT_SIDECAR = { 'sidecar.istio.io/inject': 'false' } as const;
const WITHOUT_SIDECAR_ANNOTATIONS = { ...WITHOUT_SIDECAR, 'linkerd.io/inject': 'disabled' } as const;

/**
 * Builds the pod template of the servers. It does not depend on the number of replicas, or on passwords and
 * certificates. Therefore scaling restarts no server, and a change of the configuration restarts one only for settings
 * that a reload cannot apply. `generation` names the configuration Secret: a new generation begins a rolling change.
 */
export function buildPodTemplate(spec: ClusterSpec, generation: number) {
  return {
    metadata: {
      labels: { ...objectLabels(spec.name), ...WITHOUT_SIDECAR },
      annotations: { ...WITHOUT_SIDECAR_ANNOTATIONS, ...buildRestartAnnotations(spec) },
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: TERMINATION_GRACE_SECONDS,
      ...pullSecretsOf(spec),
      ...buildPlacement(spec),
      securityContext: buildPodSecurityContext(spec),
      containers: [buildServerContainer(spec), ...(spec.metrics ? [buildMetricsContainer(spec)] : [])],
      volumes: [
        buildConfigurationVolume(spec, generation),
        { name: PID_VOLUME, emptyDir: {} },
        ...buildStoreVolumes(spec),
        ...buildResolverVolumes(spec),
      ],
    },
  } as const;
}

/**
 * The annotation with the digest of the settings in the user's own configuration that take effect only when a server
 * starts.
 */
export const RESTART_ANNOTATION = 'nats-cluster-action/configuration';

/**
 * The annotation of servers that take the user from the certificate. Servers read this setting when they start
 * (server/reload.go, `tlsOption`).
 */
const CLIENT_VERIFY_ANNOTATION = 'nats-cluster-action/client-verify';

/**
 * Returns annotations for the settings that a running server cannot reload. A change of these annotations replaces the
 * pods.
 */
function buildRestartAnnotations({ configuration, clientVerify }: RestartPart): Readonly<Record<string, string>> {
  const digest = configuration?.restartDigest;
  return {
    ...(digest === undefined ? {} : { [RESTART_ANNOTATION]: digest }),
    ...(clientVerify === 'verify-and-map' ? { [CLIENT_VERIFY_ANNOTATION]: clientVerify } : {}),
  };
}

type RestartPart = Pick<ClusterSpec, 'configuration' | 'clientVerify'>;

/** Checks whether the server of a pod with these annotations must restart to apply the configuration of `spec`. */
export function needsRestart(spec: RestartPart, annotations: Readonly<Record<string, string>>): boolean {
  const wanted = buildRestartAnnotations(spec);
  return [RESTART_ANNOTATION, CLIENT_VERIFY_ANNOTATION].some((name) => annotations[name] !== wanted[name]);
}

function pullSecretsOf({ imagePullSecrets }: ClusterSpec) {
  return imagePullSecrets.length === 0 ? {} : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) };
}

function buildPlacement({ name, antiAffinity }: ClusterSpec) {
  const labelSelector: { readonly matchLabels: Labels } = { matchLabels: selectorLabels(name) };
  const term = { labelSelector, topologyKey: 'kubernetes.io/hostname' };
  // Pods spread over zones only where zones exist, and spreading never prevents scheduling.
  const topologySpreadConstraints = [
    { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector },
  ] as const;
  switch (antiAffinity) {
    case 'required':
      return {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
        topologySpreadConstraints,
      };
    case 'preferred': {
      const preferred = [{ weight: 100, podAffinityTerm: term }];
      return {
        affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: preferred } },
        topologySpreadConstraints,
      };
    }
    case 'none':
      return {};
  }
}

type PodSecurityContext = {
  readonly runAsNonRoot: true;
  readonly seccompProfile: { readonly type: 'RuntimeDefault' };
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly fsGroup?: number;
  readonly fsGroupChangePolicy?: 'OnRootMismatch';
};

function buildPodSecurityContext({ securityContext, jetstream }: ClusterSpec): PodSecurityContext {
  const secure = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } } as const;
  // The kubelet would otherwise walk through every file of the streams at each start.
  const walk = jetstream?.volume === undefined ? {} : ({ fsGroupChangePolicy: 'OnRootMismatch' } as const);
  const restricted = { ...secure, ...walk };
  switch (securityContext) {
    case 'restricted':
      return { ...restricted, runAsUser: SERVER_ID, runAsGroup: SERVER_ID, fsGroup: SERVER_ID };
    case 'platform':
      return restricted;
  }
}

/** Builds one volume for all files, so that the kubelet replaces configuration and certificates in one atomic step. */
function buildConfigurationVolume(spec: ClusterSpec, generation: number) {
  const names = clusterNames(spec.name);
  const serverItems = [
    { key: secretKeys.certificate, path: `server/${secretKeys.certificate}` },
    { key: secretKeys.privateKey, path: `server/${secretKeys.privateKey}` },
    { key: secretKeys.trust, path: `server/${secretKeys.trust}` },
  ];
  return {
    name: CONFIGURATION_VOLUME,
    projected: {
      // The group that we set can read the files; where the platform sets the ids, any id can.
      defaultMode: spec.securityContext === 'restricted' ? 0o440 : 0o444,
      sources: [
        { secret: { name: configurationSecretName(spec.name, generation) } },
        { secret: { name: spec.serverTlsSecret ?? names.serverTlsSecret, items: serverItems } },
        { secret: buildRoutesSource(spec) },
      ],
    },
  };
}

/**
 * Returns the source of the route certificates. The generated Secret holds one certificate per peer and is mounted
 * whole; a user-provided Secret holds a single certificate for all peers.
 */
function buildRoutesSource({ name, routeTlsSecret }: ClusterSpec) {
  if (routeTlsSecret === undefined) {
    return { name: clusterNames(name).routesTlsSecret };
  }
  return {
    name: routeTlsSecret,
    items: [
      { key: secretKeys.certificate, path: SHARED_ROUTE_CERTIFICATE },
      { key: secretKeys.privateKey, path: SHARED_ROUTE_KEY },
      { key: secretKeys.trust, path: secretKeys.routeTrust },
    ],
  };
}

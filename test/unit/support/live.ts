import type { StatefulSetManifest } from '../../../src/manifests/manifests.ts';
import type { ServiceManifest } from '../../../src/manifests/services.ts';

const SERVER_METADATA = {
  uid: '0b9f4a5c-1f1e-4a57-9d1b-7c2f1d1c2b3a',
  resourceVersion: '812',
  generation: 1,
  creationTimestamp: '2026-11-23T00:00:00Z',
  managedFields: [{ manager: 'nats-cluster-action', operation: 'Apply', fieldsV1: { 'f:spec': {} } }],
};

/**
 * Returns a StatefulSet as an API server of 1.36 answers after an apply: with defaults, status and its own spellings.
 */
export function liveStatefulSet(manifest: StatefulSetManifest) {
  const { template } = manifest.spec;
  const probe = { successThreshold: 1, failureThreshold: 3, timeoutSeconds: 5 };
  return {
    ...manifest,
    metadata: { ...manifest.metadata, ...SERVER_METADATA },
    spec: {
      ...manifest.spec,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      template: {
        ...template,
        metadata: { ...template.metadata, creationTimestamp: null },
        spec: {
          ...template.spec,
          restartPolicy: 'Always',
          dnsPolicy: 'ClusterFirst',
          schedulerName: 'default-scheduler',
          containers: [template.spec.containers[0]].map((container) => ({
            ...container,
            resources: { limits: { memory: '2Gi' }, requests: { cpu: '500m', memory: '1Gi' } },
            startupProbe: { ...probe, ...container.startupProbe },
            readinessProbe: { ...probe, ...container.readinessProbe },
            livenessProbe: { ...probe, ...container.livenessProbe },
            terminationMessagePath: '/dev/termination-log',
          })),
        },
      },
    },
    status: { observedGeneration: 1, replicas: 3, readyReplicas: 3, collisionCount: 0 },
  };
}

/** Returns a Service in the same way: the API server leaves out false values. */
export function liveService(manifest: ServiceManifest) {
  const { publishNotReadyAddresses, ports, ...spec } = manifest.spec;
  return {
    ...manifest,
    metadata: { ...manifest.metadata, ...SERVER_METADATA },
    spec: {
      clusterIP: '10.96.0.17',
      clusterIPs: ['10.96.0.17'],
      internalTrafficPolicy: 'Cluster',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      ...spec,
      ports,
      ...(publishNotReadyAddresses ? { publishNotReadyAddresses } : {}),
    },
    status: { loadBalancer: {} },
  };
}

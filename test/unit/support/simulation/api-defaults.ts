import { type JsonRecord, recordOf, recordsOf } from '../../../../src/objects/json.ts';

const PROBE = { failureThreshold: 3, periodSeconds: 10, successThreshold: 1, timeoutSeconds: 1 };

/** Returns an object with the defaults that an API server of 1.36 adds to it, as far as a comparison can meet them. */
export function withDefaults(object: JsonRecord): JsonRecord {
  const spec = recordOf(object['spec']);
  switch (object['kind']) {
    case 'Service':
      return {
        ...object,
        spec: { internalTrafficPolicy: 'Cluster', sessionAffinity: 'None', type: 'ClusterIP', ...spec },
      };
    case 'StatefulSet': {
      const template = recordOf(spec['template']);
      const retention = { whenDeleted: 'Retain', whenScaled: 'Retain' };
      const filled = { ...template, spec: podSpec(recordOf(template['spec'])) };
      return { ...object, spec: { persistentVolumeClaimRetentionPolicy: retention, ...spec, template: filled } };
    }
    default:
      return object;
  }
}

function podSpec(spec: JsonRecord): JsonRecord {
  const containers = recordsOf(spec['containers']).map((container) => {
    const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'].flatMap((name) =>
      container[name] === undefined ? [] : [[name, { ...PROBE, ...recordOf(container[name]) }] as const],
    );
    return { terminationMessagePath: '/dev/termination-log', ...container, ...Object.fromEntries(probes) };
  });
  return {
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    ...spec,
    containers,
  };
}

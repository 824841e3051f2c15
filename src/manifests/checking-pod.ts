import { SERVER_CONTAINER } from '../cluster/names.ts';
import { serverEnvironment, serverFiles } from '../cluster/server-files.ts';
import type { ClusterSpec } from '../cluster/spec.ts';
import { isRecord, type JsonRecord, listOf, recordAt } from '../objects/json.ts';
import { buildServersManifest, INITIAL_ROLLOUT } from './manifests.ts';
import { secretKeys } from './material.ts';
import { CONFIGURATION_VOLUME } from './server-container.ts';
import { buildStoreVolumes, STORE_VOLUME } from './stores.ts';

/**
 * The component label of the checking pod. It differs from that of servers, so that no selector for servers matches the
 * pod.
 */
const COMPONENT = { 'app.kubernetes.io/component': 'check' } as const;

/** The deadline of the pod in seconds. It also ends a pod that a dead run left behind. */
const LONGEST_SECONDS = 120;

/** The pod fields that place or prepare servers. A pod that only reads one file does not need them. */
const SERVER_ONLY_FIELDS: readonly string[] = ['affinity', 'topologySpreadConstraints', 'initContainers'];

export type Checking = {
  /** The name of the pod, and of the Secret with the files that it reads. */
  readonly name: string;
  /** The name of the server pod whose certificates the configuration refers to during the check. */
  readonly as: string;
  /** The StatefulSet. Its deletion also deletes the pod that a dead run left behind. */
  readonly owner: { readonly name: string; readonly uid: string };
};

/**
 * Builds a pod that reads a configuration, its files and the certificates as a server with the new pod template would.
 * The pod exits with code 0, or its last log lines state the problem.
 */
export function buildCheckingPod(spec: ClusterSpec, { name, as, owner }: Checking) {
  const template = recordAt(buildServersManifest(spec, INITIAL_ROLLOUT), 'spec', 'template');
  const { labels, annotations } = recordAt(template, 'metadata');
  const podSpec = recordAt(template, 'spec');
  const kept = Object.entries(podSpec).filter(([field]) => !SERVER_ONLY_FIELDS.includes(field));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: spec.namespace,
      labels: { ...(isRecord(labels) ? labels : {}), ...COMPONENT },
      annotations,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', ...owner }],
    },
    spec: {
      ...Object.fromEntries(kept),
      restartPolicy: 'Never',
      activeDeadlineSeconds: LONGEST_SECONDS,
      containers: listOf(podSpec['containers']).flatMap((container) => selectReader(container, as)),
      volumes: [
        ...listOf(podSpec['volumes']).map((volume) => replaceConfiguration(volume, name)),
        // This replaces the volume of one server; the pod writes nothing to it.
        ...(buildStoreVolumes(spec).length === 0 && spec.jetstream !== undefined
          ? [{ name: STORE_VOLUME, emptyDir: {} }]
          : []),
      ],
    },
  } as const;
}

/** Builds the Secret that the pod reads. Kubernetes deletes it together with the pod. */
export function buildCheckedSecret(
  { namespace }: Pick<ClusterSpec, 'namespace'>,
  pod: { readonly name: string; readonly uid: string },
  texts: { readonly configuration: string; readonly files: Readonly<Record<string, string>> },
) {
  const files = { ...texts.files, [secretKeys.configuration]: texts.configuration };
  const data = Object.entries(files).map(([key, text]) => [key, Buffer.from(text, 'utf8').toString('base64')] as const);
  const { name, uid } = pod;
  const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name, uid }];
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace, labels: COMPONENT, ownerReferences },
    type: 'Opaque',
    data: Object.fromEntries(data),
  } as const;
}

function selectReader(container: unknown, as: string): readonly JsonRecord[] {
  if (!isRecord(container) || container['name'] !== SERVER_CONTAINER) return [];
  const { name, image, imagePullPolicy, env, resources, securityContext, terminationMessagePolicy, volumeMounts } =
    container;
  const own = listOf(env).map((variable) =>
    isRecord(variable) && variable['name'] === serverEnvironment.podName
      ? { name: serverEnvironment.podName, value: as }
      : variable,
  );
  return [
    {
      name,
      image,
      imagePullPolicy,
      command: ['nats-server'],
      args: ['-t', '--config', serverFiles.configuration],
      env: own,
      resources,
      securityContext,
      terminationMessagePolicy,
      volumeMounts,
    },
  ];
}

/** Replaces the first source of the volume, which is the Secret with the configuration. */
function replaceConfiguration(volume: unknown, secret: string): unknown {
  if (!isRecord(volume) || volume['name'] !== CONFIGURATION_VOLUME) return volume;
  const projected = recordAt(volume, 'projected');
  const [, ...others] = listOf(projected['sources']);
  return { ...volume, projected: { ...projected, sources: [{ secret: { name: secret } }, ...others] } };
}

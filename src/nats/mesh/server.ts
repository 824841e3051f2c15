import type {
  ExpectedServer,
  MeshExpectation,
  MeshProblem,
  MeshProblemReason,
  ServerObservation,
} from './observation.ts';
import { isSupported, parseServerVersion } from './version.ts';

/**
 * Returns the problem of one server itself, regardless of its routes. If there are several problems, it returns the
 * first, because the first explains the others.
 */
export function checkServer(
  expectation: MeshExpectation,
  expected: ExpectedServer,
  { pod, varz, routez }: ServerObservation,
): MeshProblem | undefined {
  const name = expected.serverName;
  const problem = (reason: MeshProblemReason, text: string): MeshProblem => ({
    from: name,
    to: undefined,
    reason,
    message: `${name}: ${text}`,
  });
  const version = parseServerVersion(varz.version);
  if (version === undefined || !isSupported(version)) {
    return problem('ServerUnsupported', `nats-server ${JSON.stringify(varz.version)}, expected 2.10 or newer`);
  }
  if (routez.serverId !== varz.serverId) {
    return problem('RestartedWhileObserved', 'VARZ and ROUTEZ come from two processes');
  }
  if (pod.uid !== expected.uid) {
    return problem('PodReplaced', `runs in pod ${pod.uid}, expected ${expected.uid}`);
  }
  if (pod.statefulSetRevision !== expected.statefulSetRevision) {
    const { statefulSetRevision } = expected;
    return problem('OldPodTemplate', `pod is of revision ${pod.statefulSetRevision}, expected ${statefulSetRevision}`);
  }
  if (varz.cluster?.name !== expectation.clusterName) {
    const [own, wanted] = [varz.cluster?.name, expectation.clusterName].map(describeCluster);
    return problem('ForeignCluster', `is in ${own}, expected ${wanted}`);
  }
  return expectation.revisionTag === undefined || varz.tags.includes(expectation.revisionTag)
    ? undefined
    : problem('OldRevision', `runs ${describeRevision(varz.tags)}, expected ${expectation.revisionTag}`);
}

function describeCluster(cluster: string | undefined): string {
  return cluster === undefined ? 'no cluster' : `cluster ${JSON.stringify(cluster)}`;
}

function describeRevision(tags: readonly string[]): string {
  return tags.find((tag) => tag.startsWith('rev:')) ?? 'a configuration without revision';
}

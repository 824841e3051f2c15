import { SILENT_MS, type VarzMetaGroup } from './monitoring.ts';
import type { MeshExpectation, MeshProblem, MeshProblemReason, MeshSample, ServerObservation } from './observation.ts';

const REASONS: ReadonlySet<MeshProblemReason> = new Set<MeshProblemReason>([
  'JetStreamOff',
  'NoMetaLeader',
  'OtherMetaLeader',
  'MetaGroupSize',
  'OutsideMetaGroup',
  'MetaPeerBehind',
]);

/** Checks whether the problem is in the JetStream of the servers, not in a server or route. */
export function isMetaGroupProblem({ reason }: MeshProblem): boolean {
  return REASONS.has(reason);
}

/**
 * Returns the problems of the JetStream meta group. Every server has to run JetStream. Several servers have to name the
 * same one of them as leader of a meta group of exactly that many members, and the leader has to report every other
 * member as up to date. If gateways join other clusters, the leader may be a server of another cluster and the group is
 * larger; all servers here have to agree on both.
 */
export function checkMetaGroup(expectation: MeshExpectation, sample: MeshSample): readonly MeshProblem[] {
  if (!expectation.jetstream) {
    return [];
  }
  const outsiders = findOutsiders(expectation, sample);
  if (outsiders.length > 0) {
    return outsiders.map(({ name, words }) => {
      return { from: name, to: undefined, reason: 'OutsideMetaGroup', message: `${name}: ${words}` };
    });
  }
  const names = expectation.servers.map(({ serverName }) => serverName);
  const servers = sample.filter(({ varz }) => names.includes(varz.serverName));
  const leader = servers.map(({ varz }) => varz.jetstream?.metaGroup?.leader).find((name) => name !== undefined);
  const size = computeRequiredSize(
    names,
    servers.find(({ varz }) => varz.serverName === leader)?.varz.jetstream?.metaGroup,
  );
  const groups = servers.flatMap(({ varz }) => varz.jetstream?.metaGroup ?? []);
  const joined = expectation.joinsClusters ? computeJoinedSize(names, groups) : undefined;
  return servers.flatMap((server) =>
    checkMember({ names, leader, size: joined ?? size, isJoined: joined !== undefined }, server),
  );
}

/**
 * A server that is not a member of the meta group, although the group has a leader and all its members are up to date.
 */
export type Outsider = { readonly name: string; readonly words: string };

/**
 * Returns the servers without which the meta group works, although they run: they do not belong to it, or their answers
 * do not reach its leader. All servers have to run JetStream and to name this leader, and the other members have to be
 * current and to report the same size.
 *
 * A leader of 2.10.29 counts the servers whose answers have reached it (`trackPeer`, `adjustClusterSizeAndQuorum` of
 * server/raft.go). If the first answers of a server get lost, because routes are just being made, the leader does not
 * ask that server again until that server restarts. Such a server may count itself, so the size that it reports does
 * not matter. A member whose answers get lost follows the leader and is healthy in its own view. It stays silent until it
 * restarts (seen with 2.10.29, once in about 150 restarts).
 */
export function findOutsiders(
  { servers: expected, jetstream, joinsClusters }: MeshExpectation,
  sample: MeshSample,
): readonly Outsider[] {
  const names = expected.map(({ serverName }) => serverName);
  const servers = sample.map(({ varz }) => varz).filter(({ serverName }) => names.includes(serverName));
  const groups = servers.flatMap(({ serverName, jetstream: own }) =>
    own?.metaGroup === undefined ? [] : [{ serverName, ...own.metaGroup }],
  );
  const group = groups.find(({ serverName, leader }) => leader === serverName);
  if (!jetstream || joinsClusters || groups.length !== names.length || group === undefined) {
    return [];
  }
  const members = [group.serverName, ...group.replicas.map(({ name }) => name)];
  const silent = group.replicas.filter((replica) => replica.silent).map(({ name }) => name);
  const isAgreed = groups.every(
    ({ serverName, leader, size }) => leader === group.leader && (size === group.size || !members.includes(serverName)),
  );
  const isCurrent = group.replicas.every(
    ({ name, current }) => (current || silent.includes(name)) && names.includes(name),
  );
  const hasQuorum = members.length - silent.length >= computeQuorum(group.size);
  if (!isAgreed || !isCurrent || !hasQuorum) {
    return [];
  }
  const missing = group.size < names.length ? names.filter((name) => !members.includes(name)) : [];
  return [
    ...missing.map((name) => ({ name, words: describeMissing(group.size, names.length) })),
    ...silent.map((name) => ({ name, words: describeSilent(group.serverName) })),
  ];
}

function describeMissing(size: number, servers: number): string {
  return `is not a member of the JetStream meta group, which has ${size} of ${servers} servers`;
}

function describeSilent(leader: string): string {
  return `is connected, but the JetStream meta leader ${leader} has received no answer from it for ${SILENT_MS / 1000} s`;
}

/**
 * Returns the number of members of a group of joined clusters: the largest size that its members report, and at least
 * the number of these servers. The other servers are not known here, so their own reports are trusted.
 */
function computeJoinedSize(names: readonly string[], groups: readonly VarzMetaGroup[]): number {
  return Math.max(names.length, ...groups.map(({ size }) => size));
}

/** Returns the servers of other clusters that a group names, sorted. */
export function findJoinedServers(names: readonly string[], groups: readonly VarzMetaGroup[]): readonly string[] {
  const members = groups.flatMap(({ leader, replicas }) => [leader ?? '', ...replicas.map(({ name }) => name)]);
  return [...new Set(members)].filter((name) => name !== '' && !names.includes(name)).toSorted();
}

/**
 * Returns the required number of members of the group. If the leader first hears of the last server while JetStream
 * starts there, the leader counts one server too few from then on, although it lists all servers (`checkClusterSize` of
 * jetstream_cluster.go, meant for servers without JetStream). The lower number is accepted if it has the same quorum.
 */
function computeRequiredSize(names: readonly string[], leading: VarzMetaGroup | undefined): number {
  const { leader, size = names.length } = leading ?? {};
  const hasAll =
    leading !== undefined && leader !== undefined && findLaggingMembers(names, leader, leading).length === 0;
  return size < names.length && computeQuorum(size) === computeQuorum(names.length) && hasAll ? size : names.length;
}

function computeQuorum(members: number): number {
  return Math.floor(members / 2) + 1;
}

type Group = {
  readonly names: readonly string[];
  readonly leader: string | undefined;
  readonly size: number;
  /** Whether servers of other clusters belong to the group. */
  readonly isJoined: boolean;
};

function checkMember({ names, leader, size, isJoined }: Group, { varz }: ServerObservation): readonly MeshProblem[] {
  const { serverName: from, jetstream } = varz;
  const problem = (reason: MeshProblemReason, text: string): readonly MeshProblem[] => [
    { from, to: undefined, reason, message: `${from}: ${text}` },
  ];
  if (jetstream === undefined) {
    return problem('JetStreamOff', 'JetStream does not run');
  }
  if (names.length === 1) {
    return [];
  }
  const { metaGroup } = jetstream;
  if (metaGroup?.leader === undefined) {
    return problem('NoMetaLeader', 'no JetStream meta leader yet');
  }
  if (metaGroup.leader !== leader || !(isJoined || names.includes(leader))) {
    const others = names.includes(metaGroup.leader)
      ? `another server names ${leader}`
      : 'which is not one of the servers';
    return problem('OtherMetaLeader', `its JetStream meta leader is ${JSON.stringify(metaGroup.leader)}, ${others}`);
  }
  if (metaGroup.size !== size) {
    return problem(
      'MetaGroupSize',
      `JetStream meta group of ${metaGroup.size} servers, expected ${isJoined ? size : names.length}`,
    );
  }
  const behind = from === leader ? findLaggingMembers(names, from, metaGroup) : [];
  return behind.length === 0
    ? []
    : problem('MetaPeerBehind', `the JetStream meta leader waits for ${behind.join(', ')} to catch up`);
}

/** Returns the members that are not up to date, as the leader reports them; the other members do not know. */
function findLaggingMembers(names: readonly string[], leader: string, { replicas }: VarzMetaGroup): readonly string[] {
  const current = new Set(replicas.filter((replica) => replica.current).map(({ name }) => name));
  return names.filter((name) => name !== leader && !current.has(name));
}

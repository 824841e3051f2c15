import { APPLY_TEXTS, CONNECTION_TEXTS, CREATION_TEXTS, INPUT_TEXTS, LOCK_TEXTS } from './access.ts';
import { CHANGE_TEXTS, PKI_TEXTS, TAKEOVER_TEXTS } from './changes.ts';
import { CHECK_TEXTS, CLIENT_TEXTS, END_TEXTS, ROUTE_TEXTS, VERIFY_TEXTS } from './mesh.ts';
import { IMAGE_TEXTS, JETSTREAM_TEXTS, POD_TEXTS, SCHEDULING_TEXTS, VOLUME_TEXTS } from './servers.ts';

/** The meaning and the next action of each reason, as Markdown. */
export type Texts = Readonly<Record<string, readonly [means: string, action: string]>>;

type Group = {
  readonly title: string;
  /** The codes with which the reasons occur, for readers. */
  readonly codes: readonly string[];
  readonly texts: Texts;
};

/** All reasons, in groups. Each reason is in one group. */
export const REASON_GROUPS: readonly Group[] = [
  { title: 'Inputs', codes: ['INPUT_INVALID'], texts: INPUT_TEXTS },
  {
    title: 'API server',
    codes: ['CLUSTER_UNREACHABLE', 'CLUSTER_MISMATCH', 'UNAUTHENTICATED', 'FORBIDDEN'],
    texts: CONNECTION_TEXTS,
  },
  { title: 'Lock', codes: ['LOCKED'], texts: LOCK_TEXTS },
  { title: 'Refused changes', codes: ['CHANGE_FORBIDDEN', 'SERVER_UNSUPPORTED'], texts: CHANGE_TEXTS },
  { title: 'Takeover', codes: ['CHANGE_FORBIDDEN'], texts: TAKEOVER_TEXTS },
  { title: 'Certificates and keys', codes: ['PKI_INVALID', 'CERTIFICATE_EXPIRING'], texts: PKI_TEXTS },
  { title: 'Applying objects', codes: ['APPLY_CONFLICT', 'APPLY_REJECTED'], texts: APPLY_TEXTS },
  { title: 'Creating pods', codes: ['APPLY_REJECTED', 'WAIT_TIMEOUT'], texts: CREATION_TEXTS },
  { title: 'Images', codes: ['ROLLOUT_STALLED', 'WAIT_TIMEOUT'], texts: IMAGE_TEXTS },
  { title: 'Scheduling', codes: ['ROLLOUT_STALLED', 'WAIT_TIMEOUT'], texts: SCHEDULING_TEXTS },
  { title: 'Volumes and Secrets', codes: ['ROLLOUT_STALLED', 'PKI_INVALID', 'WAIT_TIMEOUT'], texts: VOLUME_TEXTS },
  { title: 'Containers', codes: ['ROLLOUT_STALLED', 'WAIT_TIMEOUT'], texts: POD_TEXTS },
  { title: 'JetStream', codes: ['ROLLOUT_STALLED', 'MESH_INCOMPLETE', 'WAIT_TIMEOUT'], texts: JETSTREAM_TEXTS },
  { title: 'Routes and servers', codes: ['MESH_INCOMPLETE', 'WAIT_TIMEOUT', 'DRIFT'], texts: ROUTE_TEXTS },
  { title: 'Connections to servers', codes: ['ROLLOUT_STALLED', 'MESH_INSECURE', 'WAIT_TIMEOUT'], texts: CLIENT_TEXTS },
  { title: 'Checks from outside', codes: ['MESH_INSECURE', 'ROTATION_UNSAFE', 'WAIT_TIMEOUT'], texts: CHECK_TEXTS },
  { title: 'Verify', codes: ['DRIFT', 'CERTIFICATE_EXPIRING', 'CHANGE_FORBIDDEN'], texts: VERIFY_TEXTS },
  {
    title: 'Last steps',
    codes: ['SMOKE_TEST_FAILED', 'WAIT_TIMEOUT', 'PRUNE_INCOMPLETE', 'SERVER_UNSUPPORTED'],
    texts: END_TEXTS,
  },
];

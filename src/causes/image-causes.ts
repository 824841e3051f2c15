import { SERVER_CONTAINER } from '../cluster/names.ts';
import type { ContainerStatus } from '../objects/pod.ts';
import { type Cause, type Facts, type PodFacts, shorten } from './facts.ts';

type Fault = {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly says: string;
  readonly hint: string;
  /**
   * The moment from which the cause is fatal: the first failed pull, the back-off of the kubelet, or never, because the
   * registry may recover at any moment.
   */
  readonly fatal: 'at once' | 'in back-off' | 'never';
};

const PULL_STATES: readonly string[] = ['ErrImagePull', 'ImagePullBackOff', 'RegistryUnavailable'];

/** The messages of containerd and CRI-O about a failed pull. The first matching entry is used. */
const PULL_FAULTS: readonly Fault[] = [
  {
    pattern: /429 Too Many Requests|toomanyrequests|rate limit/i,
    reason: 'RegistryRateLimit',
    says: 'the registry limits the rate of pulls',
    hint: 'Wait until the limit has passed, or use an account or a mirror with a higher limit (input `image-pull-secrets`).',
    fatal: 'never',
  },
  {
    pattern:
      /pull access denied|insufficient_scope|no basic auth credentials|401 Unauthorized|403 Forbidden|unauthorized:/i,
    reason: 'ImageUnauthorized',
    says: 'the registry denies the pull',
    hint: 'Set `image-pull-secrets` to a Secret with credentials for this registry, or correct the input `image`.',
    fatal: 'at once',
  },
  {
    pattern: /no match for platform|no matching manifest/i,
    reason: 'ImagePlatform',
    says: 'the image is not made for the platform of the node',
    hint: 'Choose an image made for the architecture of the nodes.',
    fatal: 'at once',
  },
  {
    pattern: /code = NotFound|: not found|manifest unknown|name unknown|404 Not Found/i,
    reason: 'ImageNotFound',
    says: 'the registry has no such image',
    hint: 'Correct the name and tag in the input `image`.',
    fatal: 'at once',
  },
  {
    pattern: /x509:|first record does not look like a TLS handshake|server gave HTTP response/i,
    reason: 'RegistryUntrusted',
    says: 'the nodes do not trust the registry',
    hint: "Make the nodes trust the registry's CA, or correct the input `image`.",
    fatal: 'in back-off',
  },
  {
    pattern: /\b5\d\d (?:Internal|Bad|Service|Gateway)/i,
    reason: 'RegistryFailing',
    says: 'the registry fails',
    hint: 'Run the job again once the registry works.',
    fatal: 'never',
  },
  {
    pattern: /dial tcp|no such host|i\/o timeout|connection refused|deadline exceeded|handshake timeout|\bEOF\b/i,
    reason: 'RegistryUnreachable',
    says: 'the nodes do not reach the registry',
    hint: 'Check the host in the input `image`, and DNS, firewall and proxy of the nodes; or choose a registry that they reach.',
    fatal: 'in back-off',
  },
];

const NAME_FAULTS: Readonly<Record<string, Pick<Fault, 'says' | 'hint'>>> = {
  InvalidImageName: { says: 'the image name is invalid', hint: 'Correct the input `image`.' },
  ErrImageNeverPull: {
    says: 'it is not on the node, and the pull policy is Never',
    hint: 'Load the image on every node, or choose an image that the nodes can pull.',
  },
};

export function findImageCauses({ pods }: Pick<Facts, 'pods'>): readonly Cause[] {
  return pods
    .filter(({ terminating }) => !terminating)
    .flatMap((pod) => pod.containers.flatMap((container) => explainImage(pod, container) ?? []));
}

/** The words in a hint that name the image of the server. */
const IMAGE_INPUT = 'the input `image`';

/** The text that replaces IMAGE_INPUT in a hint about any container other than the server. */
const OVERRIDE = 'the image of this container in the input `overrides`';

function explainImage({ name }: PodFacts, { name: container, image, state }: ContainerStatus): Cause | undefined {
  if (state.kind !== 'waiting') {
    return undefined;
  }
  const { reason, message } = state;
  const cause = (fault: Pick<Fault, 'says' | 'hint' | 'reason'>, fatal: boolean): Cause => ({
    code: 'ROLLOUT_STALLED',
    reason: fault.reason,
    object: `Pod/${name}`,
    message: `pod ${name}: image ${image} cannot be pulled: ${fault.says}`,
    evidence: [`${name}: ${reason}: ${shorten(message)}`],
    hint: container === SERVER_CONTAINER ? fault.hint : fault.hint.replaceAll(IMAGE_INPUT, OVERRIDE),
    fatal,
    patienceMs: 0,
  });
  const named = NAME_FAULTS[reason];
  if (named !== undefined) {
    return cause({ ...named, reason }, true);
  }
  if (!PULL_STATES.includes(reason)) {
    return undefined;
  }
  const isBackingOff = reason !== 'ErrImagePull';
  const fault = PULL_FAULTS.find(({ pattern }) => pattern.test(message));
  if (fault === undefined) {
    const says = message === '' ? 'the kubelet does not say why' : shorten(message);
    const hint = 'Check the image name and tag, and that the nodes may pull it; then run the job again.';
    return cause({ reason, says, hint }, isBackingOff);
  }
  return cause(fault, fault.fatal === 'at once' || (fault.fatal === 'in back-off' && isBackingOff));
}

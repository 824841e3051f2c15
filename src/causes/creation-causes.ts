import { type Cause, type EventFacts, type Facts, shorten } from './facts.ts';

type Fault = {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly says: (groups: readonly string[]) => string;
  readonly hint: string;
  readonly mayRecover?: true;
};

const FAULTS: readonly Fault[] = [
  {
    pattern: /exceeded quota: ([^,]{1,253}), (requested: .*)$/s,
    reason: 'QuotaExceeded',
    says: ([quota = '', amounts = '']) => `ResourceQuota ${quota} is used up (${amounts})`,
    hint: 'Raise the quota of the namespace, or lower `replicas`, or the requests in the input `resources`.',
  },
  {
    pattern: /failed quota: ([^:]+): (must specify .*)$/s,
    reason: 'QuotaExceeded',
    says: ([quota = '', detail = '']) => `ResourceQuota ${quota}: pods ${detail}`,
    hint: 'Set the values that the quota requires in the input `resources`.',
  },
  {
    pattern: /violates PodSecurity "([^"]+)": (.*)$/s,
    reason: 'PodSecurityRefused',
    says: ([level = '', detail = '']) => `the namespace enforces PodSecurity ${level}: ${detail}`,
    hint: 'Set `security-context: restricted` and remove the fields named above from `overrides`; or relax the label `pod-security.kubernetes.io/enforce` of the namespace.',
  },
  {
    pattern:
      /((?:maximum|minimum) \S{1,253} usage per \w{1,63} is .*|\S{1,253} max limit to request ratio .*|must be less than or equal to \w{1,63} limit of .*)$/s,
    reason: 'LimitRangeRefused',
    says: ([detail = '']) => `a LimitRange of the namespace refuses it: ${detail}`,
    hint: 'Set requests and limits within the LimitRange in the input `resources` (`kubectl describe limitrange`).',
  },
  {
    pattern: /ValidatingAdmissionPolicy '([^']{1,253})'.{0,600} denied request: (.*)$/s,
    reason: 'AdmissionRefused',
    says: ([policy = '', detail = '']) => `ValidatingAdmissionPolicy ${policy} refuses it: ${detail}`,
    hint: 'Bring image, resources or overrides in line with the policy, or have the namespace excepted from it.',
  },
  {
    pattern: /admission webhook "([^"]+)" denied the request:? ?(.*)$/s,
    reason: 'AdmissionRefused',
    says: ([webhook = '', detail = '']) => `admission webhook ${webhook} refuses it: ${detail}`,
    hint: 'Bring image, resources or overrides in line with the policy, or have the namespace excepted from it.',
  },
  {
    pattern: /failed calling webhook "([^"]+)":.{0,900}(service "[^"]{1,253}" not found)/s,
    reason: 'WebhookMissing',
    says: ([webhook = '', detail = '']) => `admission webhook ${webhook} cannot be asked: ${detail}`,
    hint: 'Bring the webhook back or remove its configuration (`kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations`).',
  },
  {
    pattern: /failed calling webhook "([^"]+)": (.*)$/s,
    reason: 'WebhookUnreachable',
    says: ([webhook = '', detail = '']) => `admission webhook ${webhook} cannot be asked: ${detail}`,
    hint: 'Look at the pods behind the webhook.',
    mayRecover: true,
  },
  {
    pattern: /(serviceaccount "[^"]+" not found)/,
    reason: 'ServiceAccountMissing',
    says: ([detail = '']) => detail,
    hint: 'A new namespace gets its service account within a second. If it does not, create the service account.',
    mayRecover: true,
  },
];

const PATIENCE_MS = 1500;

/** Finds pods that the API server does not let the StatefulSet controller create. */
export function findCreationCauses(facts: Facts): readonly Cause[] {
  const isMakingRoom = facts.pods.some(({ terminating }) => terminating);
  return facts.events
    .filter(({ reason, object }) => reason === 'FailedCreate' && object.kind === 'StatefulSet')
    .flatMap((event) => explainEvent(facts, event, isMakingRoom) ?? []);
}

function explainEvent({ pods }: Facts, event: EventFacts, isMakingRoom: boolean): Cause | undefined {
  const [, target = '', why = event.message] =
    /^create ((?:Pod|Claim) \S{1,253}).{0,600}? in StatefulSet \S{1,253} failed error: (.*)$/is.exec(event.message) ??
    [];
  const pod = target.split(' ').find((word) => /-\d+$/.test(word));
  if (pods.some(({ name, terminating }) => name === pod && !terminating)) {
    return undefined; // The pod was created in the meantime.
  }
  const { fault, groups } = matchFault(why);
  return {
    code: 'APPLY_REJECTED',
    reason: fault?.reason ?? 'PodRefused',
    object: `StatefulSet/${event.object.name}`,
    message: `${target === '' ? 'a pod' : target.toLowerCase()} is refused: ${shorten(fault?.says(groups) ?? why)}`,
    evidence: [`StatefulSet ${event.object.name}: ${event.reason} (${event.count} ×): ${shorten(event.message)}`],
    hint: fault?.hint ?? 'Remove the cause that the API server names, then run the job again.',
    // The quota still counts a terminating pod.
    fatal: event.fresh && fault?.mayRecover !== true && !isMakingRoom,
    patienceMs: PATIENCE_MS,
  };
}

function matchFault(why: string): { readonly fault: Fault | undefined; readonly groups: readonly string[] } {
  for (const fault of FAULTS) {
    const found = fault.pattern.exec(why);
    if (found !== null) {
      return { fault, groups: found.slice(1) };
    }
  }
  return { fault: undefined, groups: [] };
}

import { describe, expect, test } from '@jest/globals';
import { findCauses, findFatalCause } from '../../../src/causes/causes.ts';
import type { EventFacts, Facts, PodFacts } from '../../../src/causes/facts.ts';
import {
  container,
  event,
  factsWith,
  inState,
  log,
  pod,
  rootCause,
  terminated,
  unscheduled,
  waiting,
} from '../support/facts.ts';

const PULL = 'failed to pull and unpack image "r/nats:1": failed to resolve image: ';
const BACK_OFF = `Back-off pulling image "r/nats:1": ErrImagePull: ${PULL}`;

describe('the cause of a failed image pull, from messages of containerd 2 and the kubelet 1.36', () => {
  test.each<[string, string, string, string, boolean]>([
    [
      'a tag that does not exist, at the first pull',
      'ErrImagePull',
      `rpc error: code = NotFound desc = ${PULL}r/nats:1: not found`,
      'ImageNotFound',
      true,
    ],
    [
      'missing credentials',
      'ErrImagePull',
      `${PULL}pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials`,
      'ImageUnauthorized',
      true,
    ],
    [
      'a rejected token',
      'ImagePullBackOff',
      `${BACK_OFF}failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://r/token?service=reg: 401 Unauthorized`,
      'ImageUnauthorized',
      true,
    ],
    [
      'a rejected scope',
      'ImagePullBackOff',
      `${BACK_OFF}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
      'ImageUnauthorized',
      true,
    ],
    [
      'forbidden',
      'ImagePullBackOff',
      `${BACK_OFF}unexpected status from HEAD request to https://r/v2/nats/manifests/1: 403 Forbidden\ndenied`,
      'ImageUnauthorized',
      true,
    ],
    [
      'too many requests',
      'ImagePullBackOff',
      `${BACK_OFF}unexpected status from HEAD request to https://r/v2/nats/manifests/1: 429 Too Many Requests`,
      'RegistryRateLimit',
      false,
    ],
    [
      'a failing registry',
      'ImagePullBackOff',
      `${BACK_OFF}unexpected status from HEAD request to https://r/v2/nats/manifests/1: 503 Service Unavailable`,
      'RegistryFailing',
      false,
    ],
    [
      'a refused connection, at the first pull',
      'ErrImagePull',
      `${PULL}failed to do request: Head "https://r/v2/nats/manifests/1": dial tcp 127.0.0.1:1: connect: connection refused`,
      'RegistryUnreachable',
      false,
    ],
    [
      'a refused connection, in back-off',
      'ImagePullBackOff',
      `${BACK_OFF}failed to do request: Head "https://r/v2/nats/manifests/1": dial tcp 127.0.0.1:1: connect: connection refused`,
      'RegistryUnreachable',
      true,
    ],
    [
      'a host name that does not resolve',
      'ImagePullBackOff',
      `${BACK_OFF}failed to do request: Head "https://r/v2/nats/manifests/1": dial tcp: lookup r on 10.255.255.53:53: read udp 10.244.0.1:39008->10.255.255.53:53: i/o timeout`,
      'RegistryUnreachable',
      true,
    ],
    [
      'a registry without TLS',
      'ImagePullBackOff',
      `${BACK_OFF}failed to do request: Head "https://r/v2/nats/manifests/1": tls: first record does not look like a TLS handshake`,
      'RegistryUntrusted',
      true,
    ],
    [
      'an invalid image name',
      'InvalidImageName',
      'Failed to apply default image tag "NATS:::1": couldn\'t parse image name "NATS:::1": invalid reference format: repository name (library/NATS) must be lowercase',
      'InvalidImageName',
      true,
    ],
    [
      'a missing image that must not be pulled',
      'ErrImageNeverPull',
      'Container image "nats:9.9.9" is not present with pull policy of Never',
      'ErrImageNeverPull',
      true,
    ],
    ['an unknown message', 'ImagePullBackOff', 'something new', 'ImagePullBackOff', true],
  ])('is found for %s', (_, state, message, reason, fatal) => {
    const found = rootCause(factsWith([inState(waiting(state, message))]));
    expect(found).toMatchObject({ code: 'ROLLOUT_STALLED', reason, fatal, object: 'Pod/nats-1', patienceMs: 0 });
  });

  test('includes the input to correct', () => {
    const failing = waiting('ImagePullBackOff', `${BACK_OFF}r/nats:1: not found`);
    expect(rootCause(factsWith([inState(failing)]))?.hint).toContain('the input `image`');
    expect(rootCause(factsWith([inState(failing, { name: 'metrics' })]))?.hint).toContain('the input `overrides`');
  });

  test('is not reported for a pod that terminates', () => {
    const failing = inState(waiting('ImagePullBackOff', `${BACK_OFF}r/nats:1: not found`));
    expect(findCauses(factsWith([failing]))).toMatchObject([{ reason: 'ImageNotFound' }]);
    expect(findCauses(factsWith([{ ...failing, terminating: true }]))).toEqual([]);
  });
});

const RUNC =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: ';

describe('the cause of a container that does not start or keep running', () => {
  const ended = (message: string) => inState(terminated('Error', 1, message));
  test.each<[string, PodFacts, string, boolean]>([
    [
      'a field that is unknown to nats-server',
      ended('nats-server: /etc/nats/nats.conf:2:1: unknown field "max_paylod"\n\n'),
      'ConfigurationError',
      true,
    ],
    [
      'repeated exits with code 0, in back-off',
      inState(waiting('CrashLoopBackOff', 'back-off 1m20s'), {
        restartCount: 5,
        lastState: terminated('Completed', 0),
      }),
      'CrashLoopBackOff',
      true,
    ],
    ['a back-off without details', inState(waiting('CrashLoopBackOff')), 'CrashLoopBackOff', true],
    ['a first crash without output', ended(''), 'ContainerEnded', false],
    [
      'a certificate that does not match its private key',
      ended(
        'nats-server: /etc/nats/nats.conf:4:1: error parsing X509 certificate/key pair: tls: private key does not match public key\n\n',
      ),
      'CertificateKeyMismatch',
      true,
    ],
    [
      'memory usage above the limit, repeatedly',
      inState(waiting('CrashLoopBackOff'), { lastState: terminated('OOMKilled', 137, '[1] [INF] Server is ready\n') }),
      'OOMKilled',
      true,
    ],
    ['memory usage above the limit, for the first time', inState(terminated('OOMKilled', 137)), 'OOMKilled', false],
    [
      'a first port conflict',
      ended(
        '[1] 2026/11/23 02:00:03.221870 [FTL] Error listening on port: 0.0.0.0:4222, "listen tcp 0.0.0.0:4222: bind: address already in use"',
      ),
      'PortInUse',
      false,
    ],
    [
      'a program that is missing in the image',
      inState(waiting('RunContainerError', `${RUNC}exec: "/nope": stat /nope: no such file or directory`)),
      'ProgramMissing',
      true,
    ],
    [
      'a program that is not executable',
      inState(terminated('StartError', 128, `${RUNC}exec: "/etc/hostname": permission denied`)),
      'ProgramNotExecutable',
      true,
    ],
    [
      'a busy container runtime',
      inState(waiting('RunContainerError', 'context deadline exceeded')),
      'RunContainerError',
      false,
    ],
    [
      'an image that runs as root where root is not allowed',
      inState(
        waiting(
          'CreateContainerConfigError',
          'container has runAsNonRoot and image will run as root (pod: "p", container: nats)',
        ),
      ),
      'CreateContainerConfigError',
      true,
    ],
    [
      'a crash before the current run of the container',
      inState(
        { kind: 'running' },
        {
          restartCount: 1,
          lastState: terminated('Error', 1, 'nats-server: /etc/nats/nats.conf:2:1: unknown field "x"'),
        },
      ),
      'ConfigurationError',
      false,
    ],
  ])('is found for %s', (_, failed, reason, fatal) => {
    expect(rootCause(factsWith([failed]))).toMatchObject({ reason, fatal });
  });

  test('names file, line and column of a configuration error, and has the code PKI_INVALID for a user-provided key pair', () => {
    const [field, mismatch] = [
      'unknown field "a"',
      'error parsing X509 certificate/key pair: tls: private key does not match public key',
    ].map((text) => rootCause(factsWith([ended(`nats-server: /etc/nats/nats.conf:2:26: ${text}\n`)])));
    expect(field?.message).toContain('/etc/nats/nats.conf:2:26');
    expect(mismatch).toMatchObject({ code: 'PKI_INVALID' });
  });

  test.each<[string, PodFacts, string]>([
    [
      'that exits',
      inState(waiting('CrashLoopBackOff'), {
        name: 'migrate',
        lastState: terminated('Error', 1, 'nats-server: no pid'),
      }),
      'CrashLoopBackOff',
    ],
    [
      'that exits repeatedly',
      inState(terminated('Error', 1, 'no pid'), {
        name: 'migrate',
        restartCount: 1,
        lastState: terminated('Error', 1),
      }),
      'ContainerEnded',
    ],
    [
      'that cannot be started',
      inState(waiting('RunContainerError', 'exec: "sh": executable file not found in $PATH'), { name: 'migrate' }),
      'ProgramMissing',
    ],
  ])('does not blame the configuration or the image for another container of the pod %s', (_, failed, reason) => {
    const found = rootCause(factsWith([failed]));
    expect(found).toMatchObject({ reason, fatal: true, hint: expect.stringContaining('in `overrides`') });
    expect(found.message).toContain('migrate');
  });

  test('comes from the log when the container exits with code 0', () => {
    const logs = [log('nats-1', ['flag provided but not defined: -bogus', '', 'Usage: nats-server [options]'])];
    const found = rootCause(factsWith([inState(terminated('Completed', 0))], { logs }));
    expect(found).toMatchObject({ reason: 'FlagUnknown', fatal: true });
    expect(found.evidence?.[0]).toContain('-bogus');
  });

  test('is the probe when the kubelet restarts a server because of it', () => {
    const failed = inState(waiting('CrashLoopBackOff'), { restartCount: 5, lastState: terminated('Completed', 0) });
    const events = [
      event({
        reason: 'Unhealthy',
        message:
          'Liveness probe failed: Get "http://10.244.0.126:8222/healthz": dial tcp 10.244.0.126:8222: connect: connection refused',
      }),
      event({ reason: 'Killing', message: 'Container nats failed liveness probe, will be restarted' }),
    ];
    expect(rootCause(factsWith([failed], { events }))).toMatchObject({ reason: 'ProbeFailed', fatal: true });
  });

  test.each<[string, PodFacts]>([
    ['a container that is being created', inState(waiting('ContainerCreating'))],
    [
      'a pod that terminates',
      { ...ended('nats-server: /etc/nats/nats.conf:2:1: unknown field "x"'), terminating: true },
    ],
    ['an init container that completed', inState(terminated('Completed', 0), { ready: true })],
    [
      'a server that is running again',
      inState({ kind: 'running' }, { ready: true, lastState: terminated('Error', 1) }),
    ],
  ])('is not reported for %s', (_, fine) => {
    expect(findCauses(factsWith([fine]))).toEqual([]);
  });
});

const PREEMPTION =
  ' no new claims to deallocate, preemption: 0/5 nodes are available: 5 Preemption is not helpful for scheduling.';

describe('the cause of an unschedulable pod, from messages of the scheduler 1.36', () => {
  test.each<[string, string, string, number]>([
    [
      'anti-affinity',
      "0/5 nodes are available: 5 node(s) didn't match pod anti-affinity rules. no new claims to deallocate, preemption: 0/5 nodes are available: 5 No preemption victims found for incoming pod.",
      'AntiAffinity',
      1800,
    ],
    [
      'resources',
      `0/5 nodes are available: 5 Insufficient cpu, 5 Insufficient memory.${PREEMPTION}`,
      'InsufficientResources',
      1800,
    ],
    [
      'a node selector',
      `0/5 nodes are available: 5 node(s) didn't match Pod's node affinity/selector.${PREEMPTION}`,
      'NodeSelector',
      1800,
    ],
    [
      'a taint',
      `0/5 nodes are available: 5 node(s) had untolerated taint {dedicated: gpu}.${PREEMPTION}`,
      'UntoleratedTaint',
      1800,
    ],
    [
      'nodes that are starting',
      `0/5 nodes are available: 2 node(s) had untolerated taint {node.kubernetes.io/not-ready: }, 3 node(s) didn't match pod anti-affinity rules.${PREEMPTION}`,
      'NodesNotReady',
      90_000,
    ],
    [
      'a volume on another node',
      `0/5 nodes are available: 5 node(s) had volume node affinity conflict.${PREEMPTION}`,
      'VolumeElsewhere',
      1800,
    ],
    ['an unknown message', `0/5 nodes are available: 5 moonlight.${PREEMPTION}`, 'Unschedulable', 1800],
  ])('is found for %s', (_, message, reason, patienceMs) => {
    expect(rootCause(factsWith([unscheduled(message)]))).toMatchObject({ reason, fatal: true, patienceMs });
  });

  test('is not reported for a failed scheduling attempt that the scheduler repeats', () => {
    const message = 'running Bind plugin "DefaultBinder": Operation cannot be fulfilled on pods/binding "nats-1"';
    const condition = { type: 'PodScheduled', status: 'False', reason: 'SchedulerError', message };
    expect(findCauses(factsWith([pod('nats-1', { conditions: [condition] })]))).toEqual([]);
  });

  test('comes from the events of the claim when its volume is unbound', () => {
    const message = '0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found';
    expect(rootCause(factsWith([unscheduled(message)]))).toMatchObject({ reason: 'VolumeUnbound', fatal: false });
  });

  const tainted = unscheduled(
    `0/3 nodes are available: 1 node(s) didn't match pod anti-affinity rules, 2 node(s) had untolerated taint(s).${PREEMPTION}`,
  );
  const nodes = (repelling: number): Facts['nodes'] =>
    [0, 1, 2].map((index) => ({ name: `node-${index}`, ready: true, repels: index < repelling, labels: {} }));

  test.each<[string, Partial<Facts>, string, number]>([
    ['users set on as many nodes', { nodes: nodes(2) }, 'AntiAffinity', 1800],
    ['Kubernetes set, as after an outage of the API server', { nodes: nodes(1) }, 'NodesNotReady', 90_000],
    ['are on nodes that must not be listed', { nodes: [] }, 'AntiAffinity', 90_000],
  ])('takes account of taints without a name that %s', (_, overrides, reason, patienceMs) => {
    expect(rootCause(factsWith([tainted], overrides))).toMatchObject({ reason, fatal: true, patienceMs });
  });

  const full = unscheduled(`0/5 nodes are available: 5 Insufficient cpu.${PREEMPTION}`);

  test.each<[string, Partial<Facts>, object]>([
    [
      'is not final while an autoscaler adds a node',
      { events: [event({ reason: 'TriggeredScaleUp' })] },
      { fatal: false },
    ],
    [
      'is final when an autoscaler adds no node',
      { events: [event({ reason: 'NotTriggerScaleUp' })] },
      { fatal: true, patienceMs: 0 },
    ],
    [
      'waits for the autoscaler when nodes belong to node pools',
      { nodes: [{ name: 'a', ready: true, repels: false, labels: { 'karpenter.sh/nodepool': 'x' } }] },
      { fatal: true, patienceMs: 30_000 },
    ],
    [
      'is not final while a terminating server frees resources',
      { pods: [full, pod('nats-2', { terminating: true })] },
      { fatal: false },
    ],
  ])('%s', (_, overrides, expected) => {
    expect(rootCause(factsWith([full], overrides))).toMatchObject({ reason: 'InsufficientResources', ...expected });
  });
});

const refused = (why: string, overrides: Partial<EventFacts> = {}) =>
  event({
    reason: 'FailedCreate',
    message: `Create Pod nats-1 in StatefulSet nats failed error: ${why}`,
    object: { kind: 'StatefulSet', name: 'nats', uid: 's' },
    ...overrides,
  });

describe('the cause of a pod that the API server rejects', () => {
  test.each<[string, string, string, boolean]>([
    [
      'a quota',
      'pods "nats-1" is forbidden: exceeded quota: compute, requested: pods=1,requests.cpu=100m, used: pods=1,requests.cpu=100m, limited: pods=1,requests.cpu=150m',
      'QuotaExceeded',
      true,
    ],
    [
      'a LimitRange',
      'Pod "nats-1" is invalid: spec.containers[0].resources.requests: Invalid value: "128Mi": must be less than or equal to memory limit of 64Mi',
      'LimitRangeRefused',
      true,
    ],
    [
      'PodSecurity',
      'pods "nats-1" is forbidden: violates PodSecurity "restricted:latest": allowPrivilegeEscalation != false (container "nats" must set securityContext.allowPrivilegeEscalation=false)',
      'PodSecurityRefused',
      true,
    ],
    [
      'a ValidatingAdmissionPolicy',
      "pods \"nats-1\" is forbidden: ValidatingAdmissionPolicy 'diag-policy' with binding 'diag-policy' denied request: images must come from registry.corp",
      'AdmissionRefused',
      true,
    ],
    ['a webhook', 'admission webhook "validate.kyverno.svc-fail" denied the request: no', 'AdmissionRefused', true],
    [
      'a webhook without its service',
      'Internal error occurred: failed calling webhook "pods.diag.example.com": failed to call webhook: Post "https://nope.diag-hook.svc:443/?timeout=2s": service "nope" not found',
      'WebhookMissing',
      true,
    ],
    [
      'a webhook that is starting',
      'Internal error occurred: failed calling webhook "a.b": failed to call webhook: Post "https://a.b.svc:443/": dial tcp 10.0.0.1:443: connect: connection refused',
      'WebhookUnreachable',
      false,
    ],
    [
      'a ServiceAccount that does not exist yet',
      'pods "nats-1" is forbidden: error looking up service account messaging/default: serviceaccount "default" not found',
      'ServiceAccountMissing',
      false,
    ],
    ['an unknown message', 'no', 'PodRefused', true],
  ])('is found for %s', (_, why, reason, fatal) => {
    expect(rootCause(factsWith([], { events: [refused(why)] }))).toMatchObject({
      code: 'APPLY_REJECTED',
      reason,
      fatal,
    });
  });

  test('is not final for an event from before the wait', () => {
    expect(findFatalCause(factsWith([], { events: [refused('no', { fresh: false })] }))).toBeUndefined();
  });

  test('is not reported once the pod exists', () => {
    expect(findCauses(factsWith([pod('nats-1', { ready: true })], { events: [refused('no')] }))).toEqual([]);
  });
});

describe('the cause of a volume problem', () => {
  const claim = (storageClass: string | undefined) => ({ name: 'js-nats-1', uid: 'c', phase: 'Pending', storageClass });
  const claimEvent = (reason: string, message: string) =>
    event({ reason, message, object: { kind: 'PersistentVolumeClaim', name: 'js-nats-1', uid: 'c' } });
  const NONE = 'no persistent volumes available for this claim and no storage class is set';

  test.each<[string, string | undefined, EventFacts, string, boolean]>([
    [
      'a claim without a class where there is no default',
      undefined,
      claimEvent('FailedBinding', NONE),
      'NoStorageClass',
      true,
    ],
    ['a claim for which no administrator provided a volume', '', claimEvent('FailedBinding', NONE), 'NoVolume', true],
    [
      'a missing storage class',
      'fast',
      claimEvent('ProvisioningFailed', 'storageclass.storage.k8s.io "fast" not found'),
      'StorageClassMissing',
      true,
    ],
    [
      'a provisioner that fails',
      'fast',
      claimEvent('ProvisioningFailed', 'failed to provision volume: quota'),
      'ProvisioningFailed',
      true,
    ],
    [
      'a provisioner that does not respond',
      'fast',
      claimEvent(
        'ExternalProvisioning',
        "Waiting for a volume to be created either by the external provisioner 'example.com/none'",
      ),
      'ProvisionerSilent',
      false,
    ],
  ])('is found for %s', (_, storageClass, eventFacts, reason, fatal) => {
    const unbound = unscheduled('0/5 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found');
    expect(rootCause(factsWith([unbound], { claims: [claim(storageClass)], events: [eventFacts] }))).toMatchObject({
      reason,
      fatal,
    });
  });

  test.each<[string, string, string, boolean]>([
    [
      'a missing Secret',
      'MountVolume.SetUp failed for volume "c" : secret "nosecret" not found',
      'SecretMissing',
      true,
    ],
    [
      'a missing key of a Secret',
      'MountVolume.SetUp failed for volume "c" : references non-existent secret key: tls.crt',
      'SecretKeyMissing',
      true,
    ],
    [
      'a kubelet whose Secret cache is not synced yet',
      'MountVolume.SetUp failed for volume "c" : failed to sync secret cache: timed out waiting for the condition',
      'FailedMount',
      false,
    ],
  ])('is found for %s', (_, message, reason, fatal) => {
    const facts = factsWith([inState(waiting('ContainerCreating'))], {
      events: [event({ reason: 'FailedMount', message })],
    });
    expect(rootCause(facts)).toMatchObject({ reason, fatal });
  });

  test.each<[string, readonly string[], readonly object[]]>([
    ['is reported while the Secret is missing', ['nats-config'], [{ reason: 'SecretMissing', fatal: true }]],
    ['is not reported once the Secret exists again', [], []],
  ])('of an old mount failure of a running pod %s', (_, absentSecrets, causes) => {
    const message = 'MountVolume.SetUp failed for volume "configuration" : secret "nats-config" not found';
    const facts = factsWith([pod('nats-1', { phase: 'Running', ready: true, containers: [container()] })], {
      events: [event({ reason: 'FailedMount', message, fresh: false })],
      absentSecrets,
    });
    expect(findCauses(facts)).toMatchObject(causes);
  });

  test('ignores events of an earlier pod of the same name', () => {
    const other = { kind: 'Pod', name: 'nats-1', uid: 'gone' };
    const events = [event({ reason: 'FailedMount', message: 'secret "a" not found', object: other })];
    expect(findCauses(factsWith([inState(waiting('ContainerCreating'))], { events }))).toEqual([]);
  });
});

describe('the cause of a server that stopped working', () => {
  const node = (ready: boolean) => ({ nodes: [{ name: 'node-1', ready, repels: false, labels: {} }] });
  const running = pod('nats-1', { phase: 'Running', containers: [container()] });

  test.each<[string, Facts, string, boolean]>([
    ['a node that is not Ready', factsWith([running], node(false)), 'NodeLost', true],
    [
      'a pod that cannot terminate on such a node',
      factsWith([{ ...running, terminating: true }], node(false)),
      'NodeLost',
      true,
    ],
    [
      'a node that must not be read',
      factsWith([running], { events: [event({ reason: 'NodeNotReady', message: 'Node is not ready' })] }),
      'NodeLost',
      true,
    ],
    [
      'a port on which the server does not listen',
      factsWith([running], {
        ...node(true),
        events: [
          event({
            reason: 'Unhealthy',
            message:
              'Startup probe failed: Get "http://10.244.0.122:8222/healthz": dial tcp 10.244.0.122:8222: connect: connection refused',
          }),
        ],
      }),
      'ProbeFailed',
      true,
    ],
    [
      'a server that is still starting',
      factsWith([running], {
        events: [
          event({ reason: 'Unhealthy', message: 'Startup probe failed: HTTP probe failed with statuscode: 503' }),
        ],
      }),
      'ProbeFailed',
      false,
    ],
    [
      'an eviction',
      factsWith([
        {
          ...running,
          conditions: [
            {
              type: 'DisruptionTarget',
              status: 'True',
              reason: 'TerminationByKubelet',
              message: 'The node was low on resource: memory.',
            },
          ],
        },
      ]),
      'Evicted',
      false,
    ],
    [
      'a pod of an older pod template',
      factsWith([{ ...running, controllerRevision: 'nats-1' }]),
      'OldRevisionStuck',
      false,
    ],
  ])('is found for %s', (_, facts, reason, fatal) => {
    expect(rootCause(facts)).toMatchObject({ reason, fatal });
  });

  test('is not reported for a healthy cluster', () => {
    const healthy = pod('nats-0', { ready: true, containers: [container({ ready: true })] });
    expect(findCauses(factsWith([healthy], node(true)))).toEqual([]);
  });
});

test('causes are sorted: root cause first, causes that waiting resolves last', () => {
  const pods = [
    pod('nats-0', {
      nodeName: 'node-2',
      containers: [container({ state: waiting('ErrImagePull', 'dial tcp: i/o timeout') })],
    }),
    inState(terminated('Error', 1, 'nats-server: open /etc/nats/nats.conf: no such file or directory\n')),
  ];
  const events = [event({ reason: 'Unhealthy' })];
  expect(findCauses(factsWith(pods, { events })).map(({ reason }) => reason)).toEqual([
    'FileMissing',
    'RegistryUnreachable',
  ]);
});

test('every cause has a next action and fits on one line', () => {
  const pods = [inState(waiting('CreateContainerError', `a\nb${'c'.repeat(10_000)}`))];
  for (const { hint, message } of findCauses(factsWith(pods))) {
    expect(hint).not.toBe('');
    expect(message).not.toContain('\n');
    expect(message.length).toBeLessThan(1000);
  }
});

import { REGISTRY } from './breakable.ts';
import type { Fault, Made, Scene } from './fault.ts';
import { ONE } from './stories.ts';
import { awaitContainerReason } from './visible.ts';

async function startWithImage({ start, deployment }: Scene, image: string, pattern: RegExp): Promise<Made> {
  return { run: start({ image }), visible: awaitContainerReason(deployment.space, pattern) };
}

const FAILED = /^(ErrImagePull|ImagePullBackOff)$/;
const AGAIN = { image: 'nats:2.15.2' };

export const imageFaults: readonly Fault[] = [
  {
    fault: 'image that does not exist in the registry',
    inputs: ONE,
    again: AGAIN,
    make: async (scene) => await startWithImage(scene, `${REGISTRY}/missing/nats:2.15.2`, FAILED),
    code: 'ROLLOUT_STALLED (ImageNotFound)',
    tells: ['pod nats-0', `${REGISTRY}/missing/nats:2.15.2`],
    hint: ['image'],
    state: /nats-0 (ErrImagePull|ImagePullBackOff)/,
    withinSeconds: 5,
  },
  {
    fault: 'image that the nodes may not pull',
    inputs: ONE,
    again: AGAIN,
    make: async (scene) => await startWithImage(scene, `${REGISTRY}/private/nats:2.15.2`, FAILED),
    code: 'ROLLOUT_STALLED (ImageUnauthorized)',
    tells: ['pod nats-0', `${REGISTRY}/private/nats:2.15.2`],
    hint: ['image-pull-secrets'],
    state: /nats-0 (ErrImagePull|ImagePullBackOff)/,
    withinSeconds: 5,
  },
  {
    fault: 'unreachable registry',
    inputs: ONE,
    again: AGAIN,
    make: async (scene) => await startWithImage(scene, '127.0.0.1:1/nats:2.15.2', /^ImagePullBackOff$/),
    code: 'ROLLOUT_STALLED (RegistryUnreachable)',
    tells: ['pod nats-0', '127.0.0.1:1/nats:2.15.2'],
    hint: ['registry'],
    withinSeconds: 5,
  },
  {
    fault: 'image without nats-server',
    inputs: ONE,
    again: AGAIN,
    make: async (scene) =>
      await startWithImage(scene, 'local/pause:1', /^(RunContainerError|StartError|CrashLoopBackOff)$/),
    code: 'ROLLOUT_STALLED (ProgramMissing)',
    tells: ['pod nats-0', 'nats-server'],
    hint: ['image'],
    withinSeconds: 5,
  },
  {
    fault: 'invalid image name',
    inputs: ONE,
    again: AGAIN,
    make: async ({ start }) => ({ run: start({ image: 'https://Registry/Nats:2.15.2' }) }),
    code: 'INPUT_INVALID',
    tells: ['invalid'],
    hint: ['image'],
    state: /^no server$/,
  },
  {
    fault: 'nats-server of an unsupported release',
    inputs: ONE,
    again: AGAIN,
    make: async ({ start }) => ({ run: start({ image: 'nats:2.9.25' }) }),
    code: 'SERVER_UNSUPPORTED',
    tells: ['2.9.25', '2.10'],
    hint: ['nats:2.15.2'],
    state: /^no server$/,
  },
];

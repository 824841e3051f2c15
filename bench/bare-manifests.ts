import type { ClusterSpec } from '../src/cluster/spec.ts';
import { buildSpec } from '../src/commands/desired/deployment.ts';
import { buildDesired, collectMaterial } from '../src/commands/desired/desired.ts';
import { addConfiguration } from '../src/commands/desired/user-configuration.ts';
import { prepareCas } from '../src/commands/issuance/cas.ts';
import { prepareCredentials } from '../src/commands/issuance/credentials.ts';
import { connectKubernetes } from '../src/kubernetes/api.ts';
import { loadKubeConfig } from '../src/kubernetes/kubeconfig.ts';
import { buildManifestWaves, type Manifest } from '../src/manifests/manifests.ts';
import type { TestNamespace } from '../test/support/namespace.ts';
import { deployInputs } from '../test/unit/support/deploy-inputs.ts';
import { liveState } from '../test/unit/support/live-state.ts';

/**
 * Builds the objects of a first deployment, complete with certificates and passwords. No run of the action manages them
 * afterwards.
 */
export async function bareManifests(
  namespace: string,
  inputs: Parameters<typeof deployInputs>[0],
): Promise<{ readonly spec: ClusterSpec; readonly waves: readonly (readonly Manifest[])[] }> {
  const asked = deployInputs(inputs);
  const live = liveState();
  const spec = buildSpec(asked, namespace, undefined);
  const now = new Date();
  const { caValidityMs, certificateValidityMs, renewBeforeMs } = asked;
  const terms = { now, caValidityMs, given: undefined, isRunning: false };
  const authorities = await prepareCas(spec, live.stored, terms);
  const credentials = addConfiguration(prepareCredentials(asked, live.stored), undefined, live);
  const issuance = { certificateValidityMs, renewBeforeMs, forced: new Set<never>([]) };
  const nothing = { server: undefined, routes: {}, clients: {} };
  const userProvided = { server: undefined, route: undefined };
  const desired = await buildDesired({ spec, userProvided, issuance, now }, { cas: authorities, credentials }, nothing);
  return { spec, waves: buildManifestWaves(spec, collectMaterial('{}', desired)) };
}

/** Applies the objects as fast as an API server accepts them: over kept connections, all objects of a wave at once. */
export async function applyBare({ config }: TestNamespace, waves: readonly (readonly Manifest[])[]): Promise<void> {
  const api = connectKubernetes(loadKubeConfig({ kind: 'content', yaml: config.exportConfig() }, undefined, {}));
  const { signal } = new AbortController();
  try {
    for (const wave of waves) {
      await Promise.all(wave.map(async (one) => await api.apply(one, { fieldManager: 'bench' }, signal)));
    }
  } finally {
    await api.close();
  }
}

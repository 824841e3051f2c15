import { clientUrl } from '../cluster/addresses.ts';
import { clusterNames, podNames } from '../cluster/names.ts';
import { renderFiles } from '../export/files.ts';
import { renderNeededLines } from '../export/instructions.ts';
import type { RenderReport } from '../report/reports.ts';
import { buildSpec, requireOverridable } from './desired/deployment.ts';
import { requireOperatorInputs, warnOfSlowHashes } from './preflight/operator-mode.ts';
import { requireSupportedImage } from './preflight/preflight.ts';
import type { RenderRun } from './rendering/render-run.ts';
import { renderByReference, renderWithSecrets } from './rendering/renderings.ts';

/** Writes to files the objects that `deploy` would apply. Contacts no Kubernetes cluster and verifies nothing. */
export async function render({ inputs, runner }: RenderRun): Promise<RenderReport> {
  const namespace = inputs.namespace ?? 'default';
  const spec = buildSpec(inputs, namespace, undefined);
  requireSupportedImage(spec.image);
  requireOverridable(inputs, namespace);
  requireOperatorInputs(inputs, runner.now());
  warnOfSlowHashes(runner, inputs.users);
  const rendering = inputs.allow.includes('rendered-secrets')
    ? await renderWithSecrets({ inputs, runner }, spec)
    : renderByReference({ inputs, runner }, spec);
  const files = renderFiles(rendering);
  const { folder, removed, kept } = await runner.writeFolder(inputs.outputDirectory, files);
  if (rendering.hasSecrets) {
    runner.warning(
      'rendered-secrets',
      `passwords and private keys are in ${inputs.outputDirectory}: keep the files out of the repository, of artifacts and of caches, and remove them once they are applied`,
    );
  }
  const { format, configRevision } = rendering;
  return {
    name: spec.name,
    namespace,
    format,
    folder,
    files: files.map(({ path }) => path),
    secretFiles: files.filter(({ isSecret }) => isSecret).map(({ path }) => path),
    removed,
    kept,
    url: clientUrl(spec),
    servers: podNames(spec),
    clientSecret: clusterNames(spec.name).clientSecret,
    needed: renderNeededLines(rendering),
    notes: rendering.notes,
    configRevision,
  };
}

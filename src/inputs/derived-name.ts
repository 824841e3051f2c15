import { isDeploymentName, previewName } from '../cluster/preview-name.ts';
import type { RawInputs } from './parse.ts';
import { previewRows } from './rows/preview.ts';
import { targetRows } from './rows/target.ts';

/** The commands that find a deployment by the `name` that `deploy` was given, even if that is not a valid name. */
const FINDING: readonly string[] = ['verify', 'rotate', 'delete'];

/**
 * Returns the inputs with the name of a preview in place of an invalid `name`. `deploy` can use such a name only with
 * `ttl`: otherwise the name stays unchanged, and is refused later.
 */
export function withDerivedName(raw: RawInputs): RawInputs {
  const text = raw.get(targetRows.name.name)?.trim() ?? '';
  const isPreview = (raw.get(previewRows.ttl.name)?.trim() ?? '') !== '';
  const isFinding = FINDING.includes(raw.get(targetRows.command.name)?.trim() ?? '');
  const derived = text !== '' && !isDeploymentName(text) && (isPreview || isFinding) ? previewName(text) : undefined;
  return derived === undefined ? raw : new Map([...raw, [targetRows.name.name, derived]]);
}

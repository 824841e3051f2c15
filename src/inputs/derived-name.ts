import { isDeploymentName, previewName } from '../cluster/preview-name.ts';
import type { RawInputs } from './parse.ts';
import { previewRows } from './rows/preview.ts';
import { targetRows } from './rows/target.ts';

/** These find a deployment by what `deploy` was given, whatever it was. */
const FINDING: readonly string[] = ['verify', 'rotate', 'delete'];

/**
 * The inputs with the name that a preview has, where `name` is no valid one. Only `ttl` lets `deploy` make one under
 * such a name: otherwise it is left as it is, to be refused.
 */
export function withDerivedName(raw: RawInputs): RawInputs {
  const text = raw.get(targetRows.name.name)?.trim() ?? '';
  const isPreview = (raw.get(previewRows.ttl.name)?.trim() ?? '') !== '';
  const isFinding = FINDING.includes(raw.get(targetRows.command.name)?.trim() ?? '');
  const derived = text !== '' && !isDeploymentName(text) && (isPreview || isFinding) ? previewName(text) : undefined;
  return derived === undefined ? raw : new Map([...raw, [targetRows.name.name, derived]]);
}

import type { DeployInputs } from '../../../src/inputs/inputs.ts';
import { parseDeployInputs } from '../../../src/inputs/parse.ts';

/** Builds the inputs of a step without any input; a test states only its changes. */
export function deployInputs(overrides: Partial<DeployInputs> = {}): DeployInputs {
  return { ...parseDeployInputs(new Map()), ...overrides };
}

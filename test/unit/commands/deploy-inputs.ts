import type { DeployInputs } from '../../../src/inputs/inputs.ts';
import { parseDeployInputs } from '../../../src/inputs/parse.ts';

/** What a step without any input asks for; a test states only what it changes. */
export function deployInputs(overrides: Partial<DeployInputs> = {}): DeployInputs {
  return { ...parseDeployInputs(new Map()), ...overrides };
}

import type { DeployInputs } from '../../../src/inputs/inputs.ts';
import { parseInputs } from '../../../src/inputs/parse.ts';

/** What a step without any input asks for; a test states only what it changes. */
export function deployInputs(overrides: Partial<DeployInputs> = {}): DeployInputs {
  return { ...parseInputs(new Map()), ...overrides };
}

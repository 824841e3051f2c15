import type { RawInputs } from '../inputs/parse.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the inputs from the environment. The runner passes each as `INPUT_` and the name in upper case, with spaces as
 * `_` and hyphens kept (actions/runner, `Runner.Worker/Handlers/Handler.cs`, `AddInputsToEnvironment`).
 */
export function inputsOf(environment: Environment): RawInputs {
  const inputs = new Map<string, string>();
  for (const [key, value] of Object.entries(environment)) {
    if (key.startsWith('INPUT_') && value !== undefined) inputs.set(key.slice('INPUT_'.length).toLowerCase(), value);
  }
  return inputs;
}

/** Returns the page of the workflow run; undefined outside of GitHub Actions. */
export function runUrlOf(environment: Environment): string | undefined {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = environment;
  if (!GITHUB_SERVER_URL || !GITHUB_REPOSITORY || !GITHUB_RUN_ID) return undefined;
  const run = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
  return GITHUB_RUN_ATTEMPT ? `${run}/attempts/${GITHUB_RUN_ATTEMPT}` : run;
}

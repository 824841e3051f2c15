import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import { type Draw, drawsOf } from '../chaos/random.ts';
import { type Hostility, startHostileApi } from '../integration/trust/hostile-api.ts';
import { type ActionResult, type ActionRun, runAction } from '../support/action.ts';
import { readAsRunner } from '../support/runner-grammar.ts';
import { SECRETS } from './trust/canaries.ts';
import { hostileText } from './trust/hostile-text.ts';
import { findDocumentFaults, findLeakFaults } from './trust/output-faults.ts';

const SEED = Number(process.env['SOAK_SEED'] ?? Date.now() % 900_000);
const CASES = Math.max(1, Math.ceil(Number(process.env['SOAK_CASES'] ?? 210_000) / 700));
/** The number of parallel cases, because the machine has two cores. */
const AT_ONCE = 2;

/** The canaries as data of the Secret with the users, in which a key marks its value as secret. */
const USERS: Readonly<Record<string, string>> = Object.fromEntries([
  ...['system', 'probe', 'client', 'route'].flatMap((user, index) => [
    [`${user}-username`, `${user}-user`],
    [`${user}-password`, SECRETS[index]?.text ?? ''],
  ]),
  ...SECRETS.slice(4).map(({ text }, index) => [`canary-${index}.key`, text]),
]);

const DEPLOY = { namespace: 'messaging', replicas: '1', timeout: '30s' };

type Trial = { readonly hostility: Hostility; readonly run: ActionRun; readonly isSecretKnown: boolean };

/** The trials: the text of another author, its place, and the run that reads it. */
const TRIALS: readonly [(text: string, draw: Draw) => Trial, ...((text: string, draw: Draw) => Trial)[]] = [
  (text) => ({
    hostility: { holder: text, users: USERS, refusal: () => 'refused' },
    run: { inputs: DEPLOY },
    isSecretKnown: true,
  }),
  (text, draw) => ({
    hostility: {
      users: USERS,
      refusal: (data) => `admission webhook "policy.example.com" denied the request: ${text} ${quote(data, draw)}`,
    },
    run: { inputs: DEPLOY },
    isSecretKnown: true,
  }),
  (text) => ({
    hostility: { expires: text },
    run: { inputs: { command: 'prune', 'all-namespaces': 'true' } },
    isSecretKnown: false,
  }),
  (text) => ({
    hostility: { users: USERS, refusal: () => 'refused' },
    run: { inputs: { ...DEPLOY, name: text.replaceAll(/[\0\r\n]/g, ' '), ttl: '3d' } },
    isSecretKnown: false,
  }),
];

function quote(data: object, draw: Draw): string {
  const json = JSON.stringify(data);
  return draw.oneOf([
    json,
    JSON.stringify(json),
    Buffer.from(json).toString('base64'),
    json.slice(0, draw.whole(0, 2000)),
  ]);
}

describe(`the built action shows no secret and executes no injected command, from seed ${SEED},`, () => {
  test(`in ${CASES} runs against a hostile API server`, async () => {
    const faults: string[] = [];
    const seeds = Array.from({ length: CASES }, (_, index) => SEED + index);
    const work = async (): Promise<void> => {
      for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
        for (const fault of await faultsOfRun(seed)) faults.push(`seed ${seed}: ${fault}`);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    process.stdout.write(`the built action: ${CASES} runs, ${faults.length} faults\n`);
    expect(faults).toEqual([]);
  }, 3_600_000);
});

async function faultsOfRun(seed: number): Promise<readonly string[]> {
  const draw = drawsOf(seed);
  const { hostility, run, isSecretKnown } = draw.oneOf(TRIALS)(hostileText(draw), draw);
  const api = await startHostileApi(hostility);
  try {
    const result = await runAction({ ...run, inputs: { kubeconfig: api.kubeconfig, ...run.inputs } });
    const { shown } = readAsRunner(`${result.stdout}\n${result.stderr}`);
    const output = [...shown, result.summary, result.files].join('\n');
    return [
      ...commandFaults(result),
      ...(isSecretKnown ? findLeakFaults(output) : []),
      ...(await findDocumentFaults({ summary: result.summary })),
    ];
  } finally {
    await api.close();
  }
}

const EXPECTED = new Set(['add-mask', 'group', 'endgroup', 'error', 'warning']);

function commandFaults({ stdout, stderr, exitCode }: ActionResult): readonly string[] {
  const { commands, stoppedUntil } = readAsRunner(`${stdout}\n${stderr}`);
  const names = commands.map(({ name }) => name);
  const errors = names.filter((name) => name === 'error').length;
  return [
    ...(stoppedUntil === undefined ? [] : ['command: stop-commands']),
    ...names.filter((name) => !EXPECTED.has(name)).map((name) => `command: ${name}`),
    ...(errors === (exitCode === 0 ? 0 : 1) ? [] : [`command: error ${errors} times, exit code ${exitCode}`]),
    ...(/::error title=INTERNAL/.test(stdout) ? ['INTERNAL'] : []),
  ];
}

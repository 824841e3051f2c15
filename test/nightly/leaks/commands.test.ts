import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { COMMANDS } from '../../../src/inputs/grammar/row.ts';
import { inputTable } from '../../../src/inputs/inputs.ts';
import { selectDeletePermissions } from '../../../src/manifests/permissions.ts';
import { makeAccount } from '../../support/account.ts';
import { type ActionResult, readTextsBelow } from '../../support/action.ts';
import { makeDeployment, type TestDeployment } from '../../support/deployment.ts';
import { findLeaks, findLeaksInNamespace, privateKeyLines, readSecrets } from '../../support/leaks.ts';
import { errorTitle } from '../../support/live-cluster.ts';
import { seedIn, testOperator } from '../../support/operator.ts';
import { planted, plantedSecrets } from '../../support/planted-secrets.ts';
import { makeAuthority } from '../../unit/support/issuance.ts';

type Texts = Readonly<Record<string, string>>;
type Run = readonly [title: string, inputs: Texts, ends: string | RegExp];

const { certificatePem, privateKeyPem } = await makeAuthority({ commonName: 'given authority' });
const authority = { 'ca-certificate': certificatePem, 'ca-private-key': privateKeyPem };
const operator = testOperator();
const credentials = operator.systemUser();
const OTHER = 'canary/other%6f';

const DEPLOYED = { ...planted, ...authority, replicas: '2', 'anti-affinity': 'preferred' };
const ROTATED = { command: 'rotate', force: 'true', 'ca-overlap': '0s', ...authority };
const OPERATOR_MODE = {
  name: 'operated',
  replicas: '1',
  'config-file': 'operator.conf',
  'system-credentials': credentials,
};

const RENDERED = { ...planted, command: 'render', 'output-directory': 'rendered' };

/** The runs, one after the other. Together they have a secret in every kind of input that may hold one. */
const RUNS: readonly Run[] = [
  ['plans a new NATS cluster', { ...DEPLOYED, command: 'plan' }, 'planned'],
  ['deploys', DEPLOYED, 'deployed'],
  ['plans other users', { ...DEPLOYED, command: 'plan', users: `[{user: b, password: ${OTHER}}]` }, 'planned'],
  ['plans other files', { ...DEPLOYED, command: 'plan', files: `planted.txt: ${OTHER}` }, 'planned'],
  ['plans another configuration', { ...DEPLOYED, command: 'plan', config: '' }, 'planned'],
  ['reloads', { ...DEPLOYED, debug: 'true', trace: 'true' }, 'deployed'],
  ['deploys with a script', { ...DEPLOYED, 'smoke-test': 'env | grep NATS_; cat "$NATS_CA"' }, 'deployed'],
  [
    'refuses a configuration',
    { ...DEPLOYED, config: `${planted.config}\nmax_subscriptions: ${OTHER}` },
    /^INPUT_INVALID/,
  ],
  ['refuses users', { ...DEPLOYED, users: `[{user: a, pasword: ${OTHER}}]` }, 'INPUT_INVALID'],
  ['refuses files', { ...DEPLOYED, files: `a: {b: ${OTHER}}` }, 'INPUT_INVALID'],
  ['refuses a password', { ...DEPLOYED, 'client-password': OTHER }, /^CHANGE_FORBIDDEN/],
  ['refuses a key', { ...DEPLOYED, 'ca-private-key': `${OTHER}${privateKeyPem}` }, 'PKI_INVALID'],
  ['verifies', { command: 'verify' }, 'verified'],
  ['rotates certificates', { ...ROTATED, 'rotate-targets': 'certificates, route-ca' }, 'rotated'],
  ['rotates credentials', { ...ROTATED, 'rotate-targets': 'credentials', 'client-password': OTHER }, 'rotated'],
  ['deploys servers in operator mode', OPERATOR_MODE, 'deployed'],
  [
    'refuses credentials',
    { ...OPERATOR_MODE, 'system-credentials': credentials.replace(/^S/m, OTHER) },
    'INPUT_INVALID',
  ],
  ['deletes', { command: 'delete' }, 'deleted'],
  ['deploys a preview', { ...DEPLOYED, name: 'preview', replicas: '1', ttl: '1s' }, 'deployed'],
  ['prunes', { command: 'prune' }, 'pruned'],
  ['renders with Secrets', { ...RENDERED, allow: 'rendered-secrets', 'output-directory': 'with' }, 'rendered'],
  ['renders', RENDERED, 'rendered'],
];

/** Checks that planted passwords, keys, seeds and tokens appear only in Secrets. */
describe('only Secrets contain secret values when the action', () => {
  let deployment: TestDeployment;
  let folder: string;
  let kubeconfig: string;
  let deleter: string;
  const secrets = new Set<string>();

  beforeAll(async () => {
    deployment = await makeDeployment('leaks');
    folder = await mkdtemp(join(tmpdir(), 'leaks-'));
    await writeFile(join(folder, 'operator.conf'), operator.configuration());
    kubeconfig = await readFile(deployment.kubeconfig, 'utf8');
    const rules = selectDeletePermissions({ volumes: false, namespace: false });
    deleter = await makeAccount(deployment.space, 'deleter', rules);
    // A private key contains its public key, and the certificate may contain the same characters.
    const keyLines = privateKeyLines(privateKeyPem).filter((line) => !certificatePem.includes(line));
    for (const secret of [...plantedSecrets, OTHER, seedIn(credentials), ...keyLines]) secrets.add(secret);
  });

  afterAll(async () => {
    await deployment.remove();
    await rm(folder, { recursive: true, force: true });
  });

  test.each(RUNS)('%s', async (_, inputs, ends) => {
    const { command = 'deploy' } = inputs;
    const own =
      command === 'render'
        ? { kubeconfig: '', timeout: '' }
        : { kubeconfig: ['delete', 'prune'].includes(command) ? deleter : kubeconfig };
    const result = await deployment.run({ ...own, ...inputs }, { env: { GITHUB_WORKSPACE: folder } });
    expect(endOf(result)).toMatch(ends);
    for (const secret of await readSecrets(deployment)) secrets.add(secret);
    const all = [...secrets];
    expect([...findLeaks(result, all), ...(await findLeaksInNamespace(deployment, all))]).toEqual([]);
  });

  test('renders Secrets by reference', async () => {
    const rendered = { ...NOTHING, stdout: await readTextsBelow(join(folder, 'rendered')) };
    expect(rendered.stdout).toContain('kind: StatefulSet');
    expect(findLeaks(rendered, [...secrets])).toEqual([]);
    expect(findLeaks({ ...NOTHING, stdout: await readTextsBelow(join(folder, 'with')) }, [...secrets])).not.toEqual([]);
  });
});

test('runs every command with every input that may hold a secret', () => {
  const given = RUNS.map(([, inputs]) => inputs);
  expect([...new Set(given.map(({ command = 'deploy' }) => command))].toSorted()).toEqual([...COMMANDS].toSorted());
  const holding = inputTable.filter(({ grammar }) => grammar.secrets !== undefined).map(({ name }) => name);
  const used = new Set([...given.flatMap((inputs) => Object.keys(inputs)), 'kubeconfig', 'config-file']);
  expect(holding.filter((name) => !used.has(name))).toEqual([]);
});

const NOTHING = { exitCode: 0, stderr: '', outputs: {}, summary: '', files: '', processArguments: [] } as const;

test('would show a planted value to the search', () => {
  const shown = NOTHING;
  expect(findLeaks({ ...shown, stdout: `::add-mask::${OTHER}\nsaid` }, [OTHER])).toEqual([]);
  expect(findLeaks({ ...shown, stdout: encodeURIComponent(OTHER) }, [OTHER])).toEqual(['a secret is in stdout']);
  expect(findLeaks({ ...shown, stdout: '', files: btoa(OTHER) }, [OTHER])).toEqual(['a secret is in report files']);
  expect(findLeaks({ ...shown, stdout: '', processArguments: [OTHER] }, [OTHER])).toEqual([
    'a secret is in process arguments',
  ]);
});

/** Returns the output `result`, or the title of a refused run. */
function endOf(result: ActionResult): string {
  return errorTitle(result) ?? result.outputs['result'] ?? '';
}

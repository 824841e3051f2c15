import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { type Ended, runProgram } from '../../support/program.ts';
import { fieldsOf } from '../../support/workflow-document.ts';

/**
 * A script that replaces kubectl: it records its arguments and its input, and answers like kubectl where deployer.sh
 * reads the answer. test/e2e/documents runs deployer.sh with the real kubectl.
 */
const KUBECTL = `#!/usr/bin/env bash
echo "$*" >>"$RECORD/calls"
case "$*" in
  *'apply --filename -') { echo ---; cat; } >>"$RECORD/applied" ;;
  *create\\ token*) echo a-token ;;
  'get namespace '*) exit "$MISSING" ;;
  *cluster.server*) echo https://kubernetes.example.com:6443 ;;
  *cluster.certificate-authority-data*) echo Q0E= ;;
  *dry-run=client*) echo "made: {by: $*}" | tr '=' ' ' ;;
esac
`;

const published = documentsOf(await readFile('docs/permissions.yaml', 'utf8'));

describe('docs/deployer.sh', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'deployer-'));
    await writeFile(join(folder, 'kubectl'), KUBECTL, { mode: 0o755 });
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  type Run = Ended & { readonly calls: string; readonly applied: readonly unknown[] };

  async function run(rights: readonly string[], { isMissing = false } = {}): Promise<Run> {
    const record = await mkdtemp(join(folder, 'run-'));
    const env = { PATH: `${folder}:${process.env.PATH ?? ''}`, RECORD: record, MISSING: isMissing ? '1' : '0' };
    const argv = ['docs/deployer.sh', 'messaging', join(folder, 'kubeconfig'), ...rights];
    const ended = await runProgram('bash', argv, { cwd: process.cwd(), env });
    const read = async (name: string): Promise<string> => await readFile(join(record, name), 'utf8').catch(() => ''); // Nothing was written.
    return { ...ended, calls: await read('calls'), applied: documentsOf(await read('applied')) };
  }

  test('grants the Role of deploy, and writes a kubeconfig that only its owner can read', async () => {
    const { exitCode, calls, applied } = await run([]);
    expect(exitCode).toBe(0);
    expect(applied).toContainEqual(inNamespace(published[0]));
    expect(applied).toHaveLength(3);
    expect(calls).not.toMatch(/create namespace|clusterrole/);
    expect((await stat(join(folder, 'kubeconfig'))).mode & 0o777).toBe(0o600);
    expect(parse(await readFile(join(folder, 'kubeconfig'), 'utf8'))).toEqual({
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        {
          name: 'cluster',
          cluster: { server: 'https://kubernetes.example.com:6443', 'certificate-authority-data': 'Q0E=' },
        },
      ],
      users: [{ name: 'deployer', user: { token: 'a-token' } }],
      contexts: [{ name: 'deployer', context: { cluster: 'cluster', user: 'deployer', namespace: 'messaging' } }],
      'current-context': 'deployer',
    });
  });

  test.each([
    ['deploy', 0],
    ['nodes-and-namespaces', 1],
    ['verify', 2],
    ['verify-objects', 3],
    ['delete', 4],
    ['delete-namespaces', 5],
    ['all-previews', 6],
  ])('applies one published object for the right %s, and binds it', async (right, index) => {
    const { calls, applied } = await run([right]);
    expect(applied).toContainEqual(inNamespace(published[index]));
    expect(applied).toHaveLength(3);
    const name = 'nats-cluster-action[a-z-]*';
    expect(calls).toMatch(
      [1, 5, 6].includes(index)
        ? new RegExp(`create clusterrolebinding (${name})-messaging --clusterrole \\1 `)
        : new RegExp(`--namespace messaging create rolebinding (${name}) --role \\1 `),
    );
  });

  test('has a name for every published object', () => {
    expect(published).toHaveLength(7);
  });

  test('creates a missing namespace', async () => {
    expect((await run([], { isMissing: true })).calls).toContain('create namespace messaging');
  });

  test('refuses unknown rights, and prints its usage without arguments', async () => {
    const { exitCode, output } = await run(['everything']);
    expect({ exitCode, output }).toMatchObject({ exitCode: 2, output: expect.stringContaining('everything is not') });
    const usage = await runProgram('bash', ['docs/deployer.sh'], { cwd: process.cwd() });
    expect(usage).toMatchObject({ exitCode: 2, output: expect.stringContaining('usage: docs/deployer.sh NAMESPACE') });
    expect(usage.output).not.toContain('set -e');
  });
});

function documentsOf(text: string): readonly unknown[] {
  return parseAllDocuments(text).map((document) => fieldsOf(parse(String(document))));
}

function inNamespace(role: unknown): unknown {
  return JSON.parse(JSON.stringify(role).replaceAll('NAMESPACE', 'messaging'));
}

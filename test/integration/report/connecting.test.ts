import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { renderGo, renderNode, renderPython, renderShell } from '../../../src/report/connecting.ts';
import type { SignIn } from '../../../src/report/reports.ts';
import { runProgram } from '../../support/program.ts';
import { deployReport } from '../../unit/support/deploy-report.ts';

const SIGN_INS: readonly SignIn[] = [
  { by: 'user', certificateSecret: undefined },
  { by: 'user', certificateSecret: 'tls-nats-client-app' },
  { by: 'certificate', certificateSecret: 'tls-nats-client-app' },
  { by: 'jwt', certificateSecret: undefined },
];

/** The readers: each language parses its example without running it. */
const READERS = [
  { language: 'Node.js', file: 'connect.mjs', text: renderNode, argv: [process.execPath, '--check'] },
  { language: 'Go', file: 'connect.go', text: goFile, argv: ['gofmt', '-e', '-d'] },
  { language: 'Python', file: 'connect.py', text: pythonFile, argv: ['python3', '-m', 'py_compile'] },
  { language: 'bash', file: 'connect.sh', text: renderShell, argv: ['bash', '-n'] },
] as const;

function goFile(report: Parameters<typeof renderGo>[0]): string {
  const body = renderGo(report)
    .trimEnd()
    .split('\n')
    .map((line) => `\t${line}`)
    .join('\n');
  return `package main\n\nimport (\n\t"os"\n\n\t"github.com/nats-io/nats.go"\n)\n\nfunc connect() (*nats.Conn, error) {\n${body}\n\treturn nc, err\n}\n`;
}

function pythonFile(report: Parameters<typeof renderPython>[0]): string {
  const body = renderPython(report)
    .trimEnd()
    .split('\n')
    .map((line) => (line === '' ? '' : `    ${line}`))
    .join('\n');
  return `async def connect():\n${body}\n    return nc\n`;
}

describe('a client example of the summary', () => {
  let folder = '';

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'connecting-'));
  });

  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  const cases = READERS.flatMap((reader) => SIGN_INS.map((signIn) => ({ ...reader, signIn, by: signIn.by })));

  test.each(cases)('is valid $language for clients that log in by $by', async ({ file, text, argv, signIn }) => {
    await writeFile(join(folder, file), text(deployReport(3, { signIn })));
    const [program, ...options] = argv;
    expect(await runProgram(program, [...options, file], { cwd: folder })).toEqual({ exitCode: 0, output: '' });
  });

  test('fails the test if it is not valid', async () => {
    for (const { file, argv } of READERS) {
      await writeFile(join(folder, file), '((((');
      const [program, ...options] = argv;
      expect((await runProgram(program, [...options, file], { cwd: folder })).exitCode).not.toBe(0);
    }
  });
});

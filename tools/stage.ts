import { spawn } from 'node:child_process';
import process from 'node:process';

export type StageResult = {
  readonly name: string;
  readonly exitCode: number;
  readonly output: string;
  readonly seconds: number;
};

/** Runs one command of node_modules with this very Node and keeps its output. */
export async function runStage(name: string, argv: readonly string[]): Promise<StageResult> {
  const begun = performance.now();
  const { exitCode, output } = await new Promise<{ exitCode: number; output: string }>((resolve, reject) => {
    const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ exitCode: code ?? 1, output: Buffer.concat(chunks).toString('utf8') }));
  });
  return { name, exitCode, output, seconds: (performance.now() - begun) / 1000 };
}

import process from 'node:process';

type TestCase = { readonly fullName: string; readonly status: string; readonly duration?: number | null };

/** Prints a line when a test ends. Without it jest is silent until a whole file ends, which takes an hour at night. */
export default class ProgressReporter {
  onTestCaseResult(_test: unknown, { fullName, status, duration }: TestCase): void {
    const seconds = ((duration ?? 0) / 1000).toFixed(0);
    process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${status} after ${seconds} s: ${fullName}\n`);
  }
}

import process from 'node:process';

type TestCase = {
  readonly fullName: string;
  readonly status: string;
  readonly duration?: number | null;
  readonly failureMessages: readonly string[];
};

/** Prints the result of each test when it ends. Without this reporter, jest prints nothing until a whole file ends. */
export default class ProgressReporter {
  onTestCaseResult(_test: unknown, { fullName, status, duration, failureMessages }: TestCase): void {
    const seconds = ((duration ?? 0) / 1000).toFixed(0);
    process.stdout.write(`${new Date().toISOString().slice(11, 19)} ${status} after ${seconds} s: ${fullName}\n`);
    for (const message of failureMessages) process.stdout.write(`${message}\n`);
  }
}

import process from 'node:process';

/** The monotonic clock of the machine, which V8's profiler goes by as well, in µs. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

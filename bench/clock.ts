import process from 'node:process';

/** Returns the time of the monotonic clock of the machine in µs. V8's profiler uses the same clock. */
export function monotonicUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

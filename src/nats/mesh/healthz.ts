import { type Decoded, decodeAnswer } from './decoded.ts';

/** `problem`: why the server isn't healthy, streams that it is yet to recover for one; undefined where it is. */
export type Health = { readonly problem: string | undefined };

const SHOWN_LENGTH = 200;

/** The answer of `$SYS.REQ.SERVER.<id>.HEALTHZ` (nats-server `server/monitor.go`, `type HealthStatus`). */
export function decodeHealthz(answer: unknown): Decoded<Health> {
  return decodeAnswer(answer, (fields) => {
    const status = fields.text('status');
    const error = fields.optionalText('error')?.slice(0, SHOWN_LENGTH);
    return { problem: status === 'ok' ? undefined : (error ?? status.slice(0, SHOWN_LENGTH)) };
  });
}

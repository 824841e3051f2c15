import { type Decoded, decodeAnswer } from './decoded.ts';

/**
 * The health of a server. `problem` is the reason why the server is not healthy, for example streams that it has yet to
 * recover; undefined for a healthy server.
 */
export type Health = { readonly problem: string | undefined };

const SHOWN_LENGTH = 200;

/** Decodes the answer of `$SYS.REQ.SERVER.<id>.HEALTHZ` (nats-server `server/monitor.go`, `type HealthStatus`). */
export function decodeHealthz(answer: unknown): Decoded<Health> {
  return decodeAnswer(answer, (fields) => {
    const status = fields.text('status');
    const error = fields.optionalText('error')?.slice(0, SHOWN_LENGTH);
    return { problem: status === 'ok' ? undefined : (error ?? status.slice(0, SHOWN_LENGTH)) };
  });
}

import type { ClientVerify } from '../cluster/spec.ts';

/** Returns the clients that a change of `client-verify` cuts off, or undefined if it cuts off none. */
export function describeCutOffClients(from: ClientVerify, to: ClientVerify): string | undefined {
  if (from === to) return undefined;
  if (from === 'verify-and-map') return 'clients that are known by their certificate alone';
  switch (to) {
    case 'none':
      return undefined;
    case 'verify':
      return 'clients without a certificate';
    case 'verify-and-map':
      return 'clients without a certificate that names their user';
  }
}

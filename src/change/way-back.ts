import type { ClientVerify } from '../cluster/spec.ts';
import type { DeployInputs } from '../inputs/inputs.ts';

/**
 * The way in which a later step can undo a change: with the previous inputs (`open`), with these and `allow: outage`,
 * because clients are cut off again (`outage`), or never, because the reverse change is refused (`closed`).
 */
export type WayBack = 'open' | 'outage' | 'closed';

/** The end of the line about a change, which announces its way back. */
export const WAYS_BACK: { readonly [Way in WayBack]: string } = {
  open: '',
  outage: '; undoing it needs `allow: outage`',
  closed: '; this cannot be undone',
};

/** Returns `outage` if the reverse change needs `allow: outage`, because it cuts off clients. */
export function findOpenWayBack(input: string, before: DeployInputs, wanted: DeployInputs): WayBack {
  if (input !== 'client-verify') return 'open';
  return describeCutOffClients(wanted.clientVerify, before.clientVerify) === undefined ? 'open' : 'outage';
}

/** Returns the clients that a change of `client-verify` cuts off, or undefined if it cuts off none. */
export function describeCutOffClients(from: ClientVerify, to: ClientVerify): string | undefined {
  if (from === to) return undefined;
  if (from === 'verify-and-map') return 'clients that authenticate only by their certificate';
  switch (to) {
    case 'none':
      return undefined;
    case 'verify':
      return 'clients without a certificate';
    case 'verify-and-map':
      return 'clients without a certificate that names their user';
  }
}

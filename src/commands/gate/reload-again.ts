import { setTimeout as delay } from 'node:timers/promises';
import { podNames } from '../../cluster/names.ts';
import { connectServer } from '../../servers/connection.ts';
import { reloadServer } from '../../servers/system.ts';
import { serverTarget } from '../proofs/server-target.ts';
import { refreshVolume } from '../rollout/reloads.ts';
import type { ObservationTerms } from './pod-observation.ts';

/** Twice the longest time that a kubelet took to refresh a volume after an annotation. */
const REFRESH_MS = 2000;

/**
 * Makes every server, or those in `pods`, read its volume once more. The tag of a server says that it has the
 * configuration of this revision, not that it had the trust bundles when it read it: the kubelet learns of each Secret
 * separately. A refusal shows in the next check.
 */
export async function reloadAgain(terms: ObservationTerms, pods = podNames(terms.spec)): Promise<void> {
  const { trust, clientCertificate, system, signal } = terms;
  await Promise.all(pods.map(async (pod) => await refreshVolume(terms, pod)));
  await delay(REFRESH_MS, undefined, { signal });
  for (const pod of pods) {
    const target = serverTarget(terms, pod, trust, clientCertificate);
    const opened = await connectServer({ ...target, ...system });
    if (opened.ok) {
      await reloadServer(opened.value, target.timeoutMs);
      await opened.value.close();
    }
  }
}

import { MANAGED_BY } from '../../cluster/labels.ts';
import type { DeleteInputs } from '../../inputs/inputs.ts';
import type { KubernetesObject } from '../../kubernetes/objects/object.ts';
import type { LeftObject } from '../../report/deletion-report.ts';
import type { Run } from '../run.ts';
import { keyOf } from './found.ts';
import { allGone } from './gone.ts';

/** Of what people keep in a namespace; controllers make the rest of it. */
const KEPT_KINDS = ['Pod', 'Service', 'Secret', 'ConfigMap', 'PersistentVolumeClaim'] as const;

/** In every namespace, by Kubernetes itself. */
const ROOT_CERTIFICATES = 'ConfigMap/kube-root-ca.crt';

type Outcome = { readonly deleted: readonly string[]; readonly left: readonly LeftObject[] };

/** Deletes the namespace if `create-namespace` made it and nothing is left in it, and returns once it is gone. */
export async function removeNamespace(run: Run<DeleteInputs>, namespace: string): Promise<Outcome> {
  const { api, runner, signal } = run;
  const ref = { kind: 'Namespace', name: namespace } as const;
  const object = `Namespace/${namespace}`;
  const left = (why: string): Outcome => ({ deleted: [], left: [{ object, why }] });
  const found = await api.get(ref, signal);
  if (found === undefined) {
    return { deleted: [], left: [] };
  }
  if (found.metadata.labels['app.kubernetes.io/managed-by'] !== MANAGED_BY) {
    return left('create-namespace did not make it');
  }
  const lists = await Promise.all(KEPT_KINDS.map(async (kind) => await api.list(kind, { namespace }, signal)));
  const others = lists.flatMap(({ objects }) => objects.map(keyOf)).filter((key) => key !== ROOT_CERTIFICATES);
  if (others.length > 0) {
    return left(`it is not empty: ${others.slice(0, MOST_NAMED).join(', ')}${others.length > MOST_NAMED ? ', …' : ''}`);
  }
  runner.info(`deleting namespace ${namespace}`);
  await api.remove(ref, { uid: found.metadata.uid }, signal);
  await allGone(run, async () => (isSame(found, await api.get(ref, signal)) ? [{ object, state: 'ending' }] : []));
  return { deleted: [object], left: [] };
}

const MOST_NAMED = 5;

function isSame(found: KubernetesObject, now: KubernetesObject | undefined): boolean {
  return now?.metadata.uid === found.metadata.uid;
}

import { parseImageRelease } from '../../../../src/nats/mesh/version.ts';
import { type JsonRecord, recordOf, recordsOf, textMapOf, textOf } from '../../../../src/objects/json.ts';
import { isReady, isTerminating } from './in-memory-controllers.ts';
import { type InMemoryObjects, nameOf } from './in-memory-objects.ts';
import type { InMemoryNetwork, InMemoryServer } from './in-memory-servers.ts';
import type { Journal } from './journal.ts';
import { isSame } from './object-fields.ts';
import type { ServerFiles } from './server-configuration.ts';
import type { VirtualClock } from './virtual-clock.ts';

const SCHEDULE_MS = 20;
const START_MS = 200;
const PROBE_EVERY_MS = 250;
/** The time from the end of lame duck mode to the end of the pod. */
const LEAVE_MS = 800;
/** The time from a change of a pod until its kubelet has refreshed the volume. */
const REFRESH_MS = 300;
const REFRESH_EVERY_MS = 60_000;
/** The time until a kubelet knows the new content of a Secret. */
const SECRET_MS = 200;
const RESTART_MS = 5000;

export type KubeletParts = {
  readonly clock: VirtualClock;
  readonly objects: InMemoryObjects;
  readonly network: InMemoryNetwork;
  readonly journal: Journal;
};

/** The kubelets of all nodes: they run the servers of the pods, and keep the volumes of the pods. */
export class InMemoryKubelet {
  readonly #parts: KubeletParts;
  readonly #volumes = new Map<string, ServerFiles>();
  /** The versions of each Secret, with the time at which it was written. */
  readonly #secrets = new Map<string, { readonly atMs: number; readonly data: Readonly<Record<string, string>> }[]>();

  constructor(parts: KubeletParts) {
    this.#parts = parts;
    parts.objects.listen(({ kind, object }) => {
      if (object['kind'] === 'Secret') this.#sawSecret(object);
      if (object['kind'] === 'Pod' && kind === 'added') setTimeout(() => this.#schedule(object), SCHEDULE_MS);
      if (object['kind'] === 'Pod' && kind === 'modified') this.#sawPod(object);
    });
  }

  /** Makes a server read its volume again. Returns the error of the server if it refuses. */
  reload(server: InMemoryServer): string | undefined {
    const volume = this.#volumes.get(server.pod);
    return volume === undefined ? 'the volume is gone' : this.#parts.network.reload(server, volume);
  }

  /** Ends a pod. Its server leaves the mesh first. */
  terminate(pod: JsonRecord): void {
    const { objects, network, clock } = this.#parts;
    if (isTerminating(pod)) return;
    const server = network.server(nameOf(pod));
    const metadata = { ...recordOf(pod['metadata']), deletionTimestamp: new Date().toISOString() };
    const ending = this.#write(pod, (present) => ({
      ...present,
      metadata: { ...recordOf(present['metadata']), ...metadata },
    }));
    if (server !== undefined) network.leave(server);
    clock.noteActivity();
    setTimeout(
      () => {
        if (server !== undefined) network.stop(server);
        const left = objects.get('Pod', nameOf(pod), namespaceOf(pod));
        if (left !== undefined && isSamePod(left, ending)) objects.remove(left);
      },
      server === undefined ? SCHEDULE_MS : LEAVE_MS,
    );
  }

  #sawSecret(secret: JsonRecord): void {
    const versions = this.#secrets.get(nameOf(secret)) ?? [];
    versions.push({ atMs: this.#parts.clock.now(), data: textMapOf(secret['data']) });
    this.#secrets.set(nameOf(secret), versions);
  }

  #sawPod(pod: JsonRecord): void {
    const { annotations } = recordOf(pod['metadata']);
    if (isSame(annotations, this.#annotations.get(nameOf(pod)))) return;
    this.#annotations.set(nameOf(pod), annotations);
    setTimeout(() => this.#refresh(pod), REFRESH_MS);
  }

  readonly #annotations = new Map<string, unknown>();

  #refresh(pod: JsonRecord): void {
    const volume = this.#volumeOf(pod);
    if (volume !== undefined && this.#present(pod) !== undefined) this.#volumes.set(nameOf(pod), volume);
  }

  #schedule(pod: JsonRecord): void {
    const scheduled = { type: 'PodScheduled', status: 'True' };
    this.#annotations.set(nameOf(pod), recordOf(pod['metadata'])['annotations']);
    this.#write(pod, (present) => ({
      ...present,
      spec: { ...recordOf(present['spec']), nodeName: `node-${nameOf(pod)}` },
      status: { phase: 'Pending', conditions: [scheduled], containerStatuses: waiting('ContainerCreating') },
    }));
    setTimeout(() => this.#start(pod, 0), START_MS);
  }

  #start(pod: JsonRecord, restartCount: number): void {
    const present = this.#present(pod);
    if (present === undefined || isTerminating(present)) return;
    const volume = this.#volumeOf(pod);
    if (volume === undefined) {
      setTimeout(() => this.#start(pod, restartCount), START_MS);
      return;
    }
    this.#volumes.set(nameOf(pod), volume);
    try {
      const server = this.#parts.network.start(nameOf(pod), versionIn(pod), volume);
      this.#writeStatus(pod, server, restartCount);
      this.#probe(pod, server, restartCount);
      this.#refreshLater(pod);
    } catch (error) {
      const message = `nats-server: ${Error.isError(error) ? error.message : String(error)}`;
      const terminated = { reason: 'Error', exitCode: 1, message };
      const failed = waiting('CrashLoopBackOff', { restartCount: restartCount + 1, lastState: { terminated } });
      this.#write(pod, (known) => ({ ...known, status: { ...recordOf(known['status']), containerStatuses: failed } }));
      setTimeout(() => this.#start(pod, restartCount + 1), RESTART_MS);
    }
  }

  #probe(pod: JsonRecord, server: InMemoryServer, restartCount: number): void {
    setTimeout(() => {
      const { network, journal } = this.#parts;
      if (network.server(nameOf(pod)) !== server || this.#present(pod) === undefined) return;
      const wasReady = isReady(this.#present(pod) ?? pod);
      this.#writeStatus(pod, server, restartCount);
      if (!wasReady && isReady(this.#present(pod) ?? pod)) journal.add('ready', nameOf(pod), server.revision);
      this.#probe(pod, server, restartCount);
    }, PROBE_EVERY_MS);
  }

  #refreshLater(pod: JsonRecord): void {
    setTimeout(() => {
      if (this.#present(pod) === undefined) return;
      this.#refresh(pod);
      this.#refreshLater(pod);
    }, REFRESH_EVERY_MS);
  }

  #writeStatus(pod: JsonRecord, server: InMemoryServer, restartCount: number): void {
    const { network, clock } = this.#parts;
    const isProbed = clock.now() - server.startedMs >= PROBE_EVERY_MS;
    const ready = isProbed && !server.isLeaving && network.problemOf(server) === undefined;
    const state = { running: {} };
    const container = { name: 'nats', image: imageIn(pod), ready, restartCount, state, lastState: {} };
    const conditions = [
      { type: 'PodScheduled', status: 'True' },
      { type: 'Ready', status: ready ? 'True' : 'False' },
    ];
    const status = { phase: 'Running', podIP: addressOf(pod), conditions, containerStatuses: [container] };
    if (isSame(status, this.#present(pod)?.['status'])) return;
    this.#write(pod, (present) => ({ ...present, status }));
  }

  #write(pod: JsonRecord, change: (present: JsonRecord) => JsonRecord): JsonRecord {
    const present = this.#present(pod);
    return present === undefined ? pod : this.#parts.objects.put(change(present));
  }

  #present(pod: JsonRecord): JsonRecord | undefined {
    const present = this.#parts.objects.get('Pod', nameOf(pod), namespaceOf(pod));
    return present !== undefined && isSamePod(present, pod) ? present : undefined;
  }

  /** Returns the files of the pod's volume as its kubelet knows them now; undefined while a Secret is missing. */
  #volumeOf(pod: JsonRecord): ServerFiles | undefined {
    const nowMs = this.#parts.clock.now();
    const files = new Map<string, string>();
    const sources = recordsOf(recordOf(pod['spec'])['volumes']).flatMap(({ projected }) =>
      recordsOf(recordOf(projected)['sources']),
    );
    for (const source of sources) {
      const secret = recordOf(source['secret']);
      const known = this.#secrets.get(textOf(secret['name']) ?? '')?.findLast(({ atMs }) => atMs + SECRET_MS <= nowMs);
      if (known === undefined) return undefined;
      const items = recordsOf(secret['items']);
      const paths = items.length === 0 ? Object.keys(known.data).map((key) => ({ key, path: key })) : items;
      for (const { key, path } of paths) {
        const encoded = known.data[String(key)];
        if (encoded === undefined) return undefined;
        files.set(`/etc/nats/${String(path)}`, Buffer.from(encoded, 'base64').toString('utf8'));
      }
    }
    return { files, environment: environmentOf(pod) };
  }
}

function waiting(reason: string, more: JsonRecord = {}): readonly JsonRecord[] {
  return [{ name: 'nats', ready: false, restartCount: 0, state: { waiting: { reason } }, lastState: {}, ...more }];
}

function environmentOf(pod: JsonRecord): ReadonlyMap<string, string> {
  const [container] = recordsOf(recordOf(pod['spec'])['containers']);
  const variables = recordsOf(container?.['env']).flatMap(({ name, value }) =>
    typeof value === 'string' ? [[String(name), value.replaceAll('$(POD_NAME)', nameOf(pod))] as const] : [],
  );
  return new Map([['POD_NAME', nameOf(pod)], ...variables]);
}

function imageIn(pod: JsonRecord): string {
  return textOf(recordsOf(recordOf(pod['spec'])['containers'])[0]?.['image']) ?? '';
}

function versionIn(pod: JsonRecord): string {
  const release = parseImageRelease(imageIn(pod));
  return release === undefined ? '2.15.2' : `${release.major}.${release.minor}.${release.patch}`;
}

function addressOf(pod: JsonRecord): string {
  return `10.0.0.${Number(nameOf(pod).split('-').at(-1)) + 1}`;
}

function namespaceOf(pod: JsonRecord): string | undefined {
  return textOf(recordOf(pod['metadata'])['namespace']);
}

function isSamePod(one: JsonRecord, other: JsonRecord): boolean {
  return recordOf(one['metadata'])['uid'] === recordOf(other['metadata'])['uid'];
}

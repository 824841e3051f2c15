import { acquireLock } from '../../../src/commands/lock/lock.ts';
import { isActionError } from '../../../src/errors/action-error.ts';
import { connectKubernetes } from '../../../src/kubernetes/api.ts';
import { loadKubeConfig } from '../../../src/kubernetes/kubeconfig.ts';
import { pause } from '../../../src/time/pause.ts';

/**
 * A run that takes the lock and writes its name into a ConfigMap, again and again, until its standard input closes:
 * run.ts NAMESPACE HOLDER TTL_MS. Prints `held`, `wrote` and its end, a line each.
 */
const [namespace = '', holder = '', ttl = ''] = process.argv.slice(2);
const stop = new AbortController();
process.stdin.on('end', () => stop.abort(new Error('told to stop'))).resume();

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
const api = connectKubernetes(loadKubeConfig(undefined, undefined, process.env));
const { signal } = stop;
try {
  const lock = await acquireLock({ api, namespace, name: 'nats', holder, ttlMs: Number(ttl), waiting: say, signal });
  say('held');
  const guarded = api.guarded(async () => await lock.check());
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'written', namespace },
    data: { by: holder },
  };
  try {
    for (;;) {
      await guarded.apply(manifest, { fieldManager: 'test-manager', force: true }, signal);
      say('wrote');
      await pause(100, signal);
    }
  } finally {
    await lock.release();
  }
} catch (error) {
  say(isActionError(error) ? `${error.code} ${error.reason}` : 'stopped');
} finally {
  await api.close();
}

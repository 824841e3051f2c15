import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppsV1Api, CoordinationV1Api, KubeConfig, PolicyV1Api } from '@kubernetes/client-node';
import type { ActionResult } from './action.ts';
import type { TestDeployment } from './deployment.ts';
import type { TestNamespace } from './namespace.ts';

const DIST = fileURLToPath(new URL('../../dist', import.meta.url));

/**
 * Returns every password of the Secrets of a deployment's namespace, every line of their private keys, nkey seeds, and
 * the token of its kubeconfig.
 */
export async function readSecrets({ space, kubeconfig }: TestDeployment): Promise<readonly string[]> {
  const { items } = await space.core.listNamespacedSecret({ namespace: space.name });
  const entries = items
    .flatMap(({ data = {} }) => Object.entries(data))
    .map(([key, value]) => [key, Buffer.from(value, 'base64').toString()] as const);
  // A private key contains its public key, and a certificate may contain the same characters.
  const certificates = entries.filter(([key]) => key.endsWith('.crt')).map(([, text]) => text);
  const texts = new Set([...entries.flatMap(([key, text]) => secretTexts(key, text)), tokenOf(kubeconfig)]);
  return [...texts].filter((text) => !certificates.some((certificate) => certificate.includes(text)));
}

/**
 * Returns the places at which one of the secrets appears in the output or child processes of a run: verbatim,
 * percent-encoded or in base64. The result never names the secret.
 */
export function findLeaks(result: ActionResult, secrets: readonly string[]): readonly string[] {
  const { stdout, stderr, summary, outputs, files, processArguments } = result;
  // The runner reads these lines and does not show them.
  const log = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'));
  return leaksIn(
    {
      stdout: log.join('\n'),
      stderr,
      summary,
      outputs: JSON.stringify(outputs),
      'report files': files,
      'process arguments': processArguments.join('\n'),
    },
    secrets,
  );
}

/** Returns the places of secrets in the namespace, except the data of Secrets, and in the built action. */
export async function findLeaksInNamespace(
  { space }: TestDeployment,
  secrets: readonly string[],
): Promise<readonly string[]> {
  return leaksIn({ ...(await objectTexts(space)), dist: await distText() }, secrets);
}

function leaksIn(places: Readonly<Record<string, string>>, secrets: readonly string[]): readonly string[] {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]);
  return Object.entries(places)
    .filter(([, text]) => forms.some((form) => text.includes(form)))
    .map(([place]) => `a secret is in ${place}`);
}

async function objectTexts({ core, config, name }: TestNamespace): Promise<Readonly<Record<string, string>>> {
  const namespace = { namespace: name };
  const apps = config.makeApiClient(AppsV1Api);
  const lists = {
    Events: core.listNamespacedEvent(namespace),
    ConfigMaps: core.listNamespacedConfigMap(namespace),
    Pods: core.listNamespacedPod(namespace),
    Services: core.listNamespacedService(namespace),
    StatefulSets: apps.listNamespacedStatefulSet(namespace),
    ControllerRevisions: apps.listNamespacedControllerRevision(namespace),
    PodDisruptionBudgets: config.makeApiClient(PolicyV1Api).listNamespacedPodDisruptionBudget(namespace),
    Leases: config.makeApiClient(CoordinationV1Api).listNamespacedLease(namespace),
    'metadata of Secrets': core
      .listNamespacedSecret(namespace)
      .then(({ items }) => items.map(({ metadata }) => metadata)),
  };
  const texts = Object.entries(lists).map(async ([kind, list]) => [kind, JSON.stringify(await list)] as const);
  return Object.fromEntries(await Promise.all(texts));
}

async function distText(): Promise<string> {
  const files = (await readdir(DIST)).map(async (file) => await readFile(join(DIST, file), 'utf8'));
  return (await Promise.all(files)).join('\n');
}

function tokenOf(kubeconfig: string): string {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  return config.getCurrentUser()?.token ?? '';
}

function secretTexts(key: string, text: string): readonly string[] {
  if (key.endsWith('password')) return text.length > 8 ? [text] : [];
  return [...(text.match(/^S[A-Z][A-Z2-7]{56}$/gm) ?? []), ...privateKeyLines(text)];
}

/** Returns the lines of private keys in a text, without the header and the end line. No output may contain them. */
export function privateKeyLines(text: string): readonly string[] {
  const bodies = text.matchAll(/-----BEGIN [A-Z ]*PRIVATE KEY-----\n([\s\S]*?)-----END/g);
  return [...bodies].flatMap(([, body = '']) => body.split('\n').filter((line) => line.length >= 24));
}

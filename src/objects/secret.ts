import { textMapOf, textOf } from './json.ts';
import { identityOf, type KubernetesObject } from './object.ts';

export type Secret = {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly type: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /**
   * The data decoded from base64, as UTF-8. Values that are not UTF-8 text are left out, because this action writes no
   * binary value.
   */
  readonly data: Readonly<Record<string, string>>;
};

export function decodeSecret({ metadata, raw }: KubernetesObject): Secret {
  return {
    ...identityOf(metadata),
    type: textOf(raw['type']) ?? 'Opaque',
    labels: metadata.labels,
    annotations: metadata.annotations,
    data: Object.fromEntries(
      Object.entries(textMapOf(raw['data'])).flatMap(([key, encoded]) => {
        const value = decodeText(encoded);
        return value === undefined ? [] : [[key, value]];
      }),
    ),
  };
}

function decodeText(encoded: string): string | undefined {
  const bytes = Buffer.from(encoded, 'base64');
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : undefined;
}

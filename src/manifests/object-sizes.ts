import type { InputViolation } from '../errors/action-error.ts';
import { isRecord } from '../objects/json.ts';
import { secretKeys } from './material.ts';

/** The most bytes of all values of a Secret together (Kubernetes core/v1, `MaxSecretSize`). */
export const MAX_SECRET_BYTES = 1_048_576;

/**
 * The most bytes of the keys and values of all annotations of an object together (apimachinery,
 * `TotalAnnotationSizeLimitB`).
 */
const MAX_ANNOTATION_BYTES = 262_144;

type MeasuredObject = {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly data?: unknown;
};

export type SizeContext = {
  /** The input that holds the user's configuration; undefined without a configuration. */
  readonly configurationInput: string | undefined;
  /** The bytes to leave free for later runs, by name of the Secret. */
  readonly reserved?: Readonly<Record<string, number>>;
  /** The bytes of the annotations that are added later, by `Kind/name`. */
  readonly annotated?: Readonly<Record<string, number>>;
};

/**
 * Returns a violation for each object that is too large for the API server: a Secret above 1 MiB, or annotations above
 * 256 KiB. The violation names the size and the input with the most bytes. An API server would refuse the object only
 * after other objects were written.
 */
export function checkObjectSizes(objects: readonly MeasuredObject[], terms: SizeContext): readonly InputViolation[] {
  return objects.flatMap((object) => [
    ...findSecretViolations(object, terms),
    ...findAnnotationViolations(object, terms),
  ]);
}

function findSecretViolations(
  { kind, metadata: { name }, data }: MeasuredObject,
  terms: SizeContext,
): readonly InputViolation[] {
  if (kind !== 'Secret' || !isRecord(data)) return [];
  const sizes = Object.entries(data).map(([key, value]) => [key, countBytesInBase64(value)] as const);
  const reserved = terms.reserved?.[name] ?? 0;
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, reserved);
  if (total <= MAX_SECRET_BYTES) return [];
  const byInput = new Map<string, number>();
  for (const [key, bytes] of sizes) {
    const input = selectInput(key, terms);
    byInput.set(input, (byInput.get(input) ?? 0) + bytes);
  }
  const [[input, bytes] = ['config', total]] = [...byInput].toSorted(([, left], [, right]) => right - left);
  const isTwice = sizes.some(([key]) => key === secretKeys.previousConfiguration) && input === terms.configurationInput;
  const twice = isTwice ? ', because the configuration before it is kept for `rollback-on-failure`' : '';
  const message = `Secret \`${name}\` would hold ${total} bytes, expected at most ${MAX_SECRET_BYTES}; ${bytes} of them come from \`${input}\`${twice}`;
  return [{ input, message, correction: `# make \`${input}\` smaller by at least ${total - MAX_SECRET_BYTES} bytes` }];
}

function findAnnotationViolations(object: MeasuredObject, { annotated }: SizeContext): readonly InputViolation[] {
  const { kind, metadata } = object;
  const own = Object.entries(metadata.annotations ?? {}).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  const total = own + (annotated?.[`${kind}/${metadata.name}`] ?? 0);
  if (total <= MAX_ANNOTATION_BYTES) return [];
  const message = `${kind} \`${metadata.name}\` would have annotations of ${total} bytes, expected at most ${MAX_ANNOTATION_BYTES}; they contain \`overrides\` and the other inputs of the deployment`;
  return [{ input: 'overrides', message, correction: '# make `overrides` smaller' }];
}

function selectInput(key: string, { configurationInput }: SizeContext): string {
  switch (key) {
    case secretKeys.configuration:
    case secretKeys.userConfiguration:
    case secretKeys.previousConfiguration:
      return configurationInput ?? 'users';
    case secretKeys.users:
      return 'users';
    case secretKeys.settings:
      return 'overrides';
    default:
      return /(?:^|[.-])(?:crt|key|pem)$/.test(key) ? 'ca-certificate' : 'files';
  }
}

/** Returns the number of bytes that a base64 text encodes. */
function countBytesInBase64(value: unknown): number {
  return typeof value === 'string' ? Buffer.byteLength(value, 'base64') : 0;
}

import type { InputViolation } from '../../errors.ts';
import type { Field } from './fields.ts';
import { type Problem, violationAt } from './problem.ts';
import { isBlock, resolved } from './value.ts';

/**
 * The blocks that the Action decides as a whole, with the input that sets each field, in every spelling of nats-server
 * (`parseJetStream`, `parseTLS` and `parseAuthorization` of `server/opts.go`). No input sets any other field.
 */
const OFFERED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  jetstream: {
    enable: 'jetstream',
    enabled: 'jetstream',
    max_memory_store: 'jetstream-memory',
    max_mem_store: 'jetstream-memory',
    max_mem: 'jetstream-memory',
    max_file_store: 'jetstream-storage',
    max_file: 'jetstream-storage',
    store: 'jetstream-storage',
    store_dir: 'jetstream-storage',
    storedir: 'jetstream-storage',
  },
  'cluster.tls': { cert_file: 'route-tls-secret', key_file: 'route-tls-secret', ca_file: 'route-tls-secret' },
  'cluster.authorization': {
    user: 'route-user',
    username: 'route-user',
    pass: 'route-password',
    password: 'route-password',
  },
};

/**
 * Returns the problem of each field of a block that the Action decides, or the problem of the block if it has no
 * fields.
 */
export function ownedViolations(
  input: string,
  path: string,
  { value, position }: Field,
  ofBlock: Problem,
): readonly InputViolation[] {
  const block = resolved(value);
  const offered = Object.hasOwn(OFFERED, path) ? OFFERED[path] : undefined;
  const keys = isBlock(block) ? Object.keys(block.entries) : [];
  if (offered === undefined || !isBlock(block) || keys.length === 0) return [violationAt(input, position, ofBlock)];
  return keys.map((key) => {
    const lower = key.toLowerCase();
    const by = Object.hasOwn(offered, lower) ? offered[lower] : undefined;
    return violationAt(input, block.positions?.get(key) ?? position, fieldProblem(`${path}.${key}`, by));
  });
}

function fieldProblem(field: string, by: string | undefined): Problem {
  return by === undefined
    ? { says: `got \`${field}\`, which the Action does not offer`, fix: `remove \`${field}\`; no input sets it` }
    : {
        says: `got \`${field}\`, which the input \`${by}\` sets`,
        fix: `remove \`${field}\` and set the input \`${by}\``,
      };
}

import type { InputViolation } from '../../../errors/action-error.ts';
import { createViolation } from '../reader/session.ts';
import { block, type ConfBlock, type ConfValue, isBlock, resolveVariable } from '../reader/value.ts';
import { buildBlock, type Field, findAmbiguities, findField, isSame, readFields } from './fields.ts';
import { type Merge, reportMissingBlock } from './merge-users.ts';

const LISTENERS = ['websocket', 'leafnodes', 'gateway', 'mqtt'] as const;

/** A port that the user's configuration opens in addition to the ports for clients, routes and monitoring. */
export type Listener = {
  readonly name: (typeof LISTENERS)[number];
  readonly port: number;
  readonly tls: boolean;
};

/** The part of the generated configuration that listeners have to fit. */
export type ListenerNeeds = {
  readonly clusterName: ConfValue;
  readonly tls: ConfValue;
  readonly ports: readonly ConfValue[];
};

export function isListener(name: string): boolean {
  return LISTENERS.some((listener) => listener === name);
}

/** Returns the listeners in the order of `LISTENERS`; `leafnodes` with remotes only opens no port. */
export function listListeners(configuration: ConfBlock): readonly Listener[] {
  const fields = readFields('top', configuration);
  return LISTENERS.flatMap((name) => {
    const within = resolveVariable(findField(name, fields)?.value ?? '');
    if (!isBlock(within)) return [];
    const inner = readFields('listener', within);
    const port = parsePort(findPortField(inner)?.value);
    return port === undefined || port === 0 ? [] : [{ name, port, tls: findField('tls', inner) !== undefined }];
  });
}

/**
 * Merges a listener with the generated configuration. A listener without `tls` gets the `tls` of the client listener,
 * both its certificate and `client-verify`, so that no port lacks TLS by omission; an explicit `no_tls: true` of
 * websocket stays. A gateway needs a certificate of its own, because it also presents the certificate when it connects,
 * and the server certificate for clients is not issued for that use. The name of a gateway is the name of the cluster.
 */
export function mergeListener(input: string, field: Field, generated: ListenerNeeds): Merge {
  const theirs = resolveVariable(field.value);
  if (!isBlock(theirs)) return { value: field.value, violations: [reportMissingBlock(input, field)] };
  const fields = readFields('listener', theirs);
  const violations = [
    ...findAmbiguities(input, fields),
    ...checkAddress(input, fields),
    ...checkPort(input, fields, generated.ports),
  ];
  const opens = findPortField(fields) !== undefined;
  const isPlain = resolveVariable(findField('no_tls', fields)?.value ?? false) === true;
  const added: Pick<Field, 'key' | 'value'>[] = [];
  if (field.name === 'gateway') {
    const name = findField('name', fields);
    if (name === undefined) added.push({ key: 'name', value: generated.clusterName });
    else if (!isSame(name.value, generated.clusterName))
      violations.push(createViolation(input, name.position, otherName));
    if (opens && findField('tls', fields) === undefined)
      violations.push(createViolation(input, field.position, openGateway));
  } else if (opens && !isPlain && findField('tls', fields) === undefined) {
    added.push({ key: 'tls', value: generated.tls });
  }
  return { value: buildBlock([...fields, ...added]), violations };
}

/** Reports every port that is used twice, including the Action's own ports. */
export function findPortClashes(input: string, listeners: readonly Field[]): readonly InputViolation[] {
  const ports = listeners.flatMap((listener) => {
    const within = resolveVariable(listener.value);
    const field = findPortField(readFields('listener', isBlock(within) ? within : block({})));
    return field === undefined ? [] : [{ field, port: parsePort(field.value) }];
  });
  return ports.flatMap(({ field, port }, index) => {
    const isTaken = port !== undefined && ports.slice(0, index).some((other) => other.port === port);
    return isTaken ? [createViolation(input, field.position, takenPort)] : [];
  });
}

function findPortField(fields: readonly Field[]): Field | undefined {
  return findField('listen', fields) ?? findField('port', fields);
}

/** Returns the port of a number or of `host:port` (`parseListen`). */
function parsePort(value: ConfValue | undefined): number | undefined {
  const actual = value === undefined ? undefined : resolveVariable(value);
  if (typeof actual === 'number') return actual;
  const digits = typeof actual === 'string' ? /:(\d{1,5})$/.exec(actual)?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function checkPort(input: string, fields: readonly Field[], taken: readonly ConfValue[]): InputViolation[] {
  const field = findPortField(fields);
  if (field === undefined) return [];
  const port = parsePort(field.value);
  if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535) {
    return [createViolation(input, field.position, noPort)];
  }
  return taken.includes(port) ? [createViolation(input, field.position, takenPort)] : [];
}

/**
 * Reports `port` and `host` next to `listen`. `listen` sets both, and nats-server reads a Go map, so it is random which
 * one counts.
 */
function checkAddress(input: string, fields: readonly Field[]): readonly InputViolation[] {
  if (findField('listen', fields) === undefined) return [];
  return fields
    .filter(({ name }) => name === 'port' || name === 'host')
    .map(({ key, position }) => createViolation(input, position, describeTwoAddresses(key)));
}

const describeTwoAddresses = (key: string) => ({
  says: `got \`${key}\` and \`listen\`, expected only one of them, because nats-server does not define which one counts`,
  fix: `remove \`${key}\``,
});
const noPort = { says: 'got no fixed port, expected a number from 1 to 65535', fix: 'write the port as a number' };
const takenPort = { says: 'got a port that is already in use in the pod', fix: 'write another port' };
const otherName = {
  says: 'got a gateway name that differs from the name of the cluster, but nats-server requires the same name',
  fix: 'remove `gateway.name` and set the input `name`',
};
const openGateway = {
  says: 'got a gateway without `tls`, expected a certificate of its own: a gateway uses the certificate as server and as client, and both clusters have to trust it',
  fix: 'add `tls { cert_file, key_file, ca_file }` to `gateway`, with the paths of files in the pod',
};

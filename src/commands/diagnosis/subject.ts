import { podNames } from '../../cluster/names.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { CertificateSight } from '../../diagnosis/bundle.ts';
import { secretsOfFiles } from '../../inputs/files.ts';
import type { Authority, Credentials } from '../../manifests/material.ts';
import { secretsOf as configurationSecrets } from '../../nats/conf/secrets.ts';
import { acceptedBy, type Track } from '../../rotation/track.ts';
import type { Desired } from '../desired.ts';
import { certificateInventory } from '../issuance/inventory.ts';
import type { Subject } from './diagnoser.ts';

/** What a diagnosis of this state of the cluster is about. */
export function subjectOf(spec: ClusterSpec, desired: Desired): Subject {
  return { spec, servers: podNames(spec), secrets: secretsOf(desired), certificates: sightsOf(desired) };
}

/** Every password and private key of a state of the cluster. */
export function secretsOf({ tracks, issued }: Desired): readonly string[] {
  const { client, route, system, probe, users: configured, files, configuration } = tracks.credentials;
  const { systemCredentials } = tracks.credentials;
  const { authorities, clients, routes, server } = issued.certificates;
  const users: readonly Credentials[] = [...acceptedBy(client), ...acceptedBy(route), system, probe];
  const signing = [authorities.client, authorities.route].flatMap(authoritiesOf);
  const keys = [server, ...Object.values(routes), ...Object.values(clients), ...signing];
  const passwords = configured.flatMap(({ password }) => password ?? []);
  return [
    ...users.map(({ password }) => password),
    ...passwords,
    ...(configuration === undefined ? [] : configurationSecrets(configuration.tree)),
    ...(systemCredentials === undefined ? [] : [systemCredentials.seed, systemCredentials.jwt]),
    ...secretsOfFiles(files),
    ...keys.flatMap(({ privateKey }) => privateKey ?? []),
  ];
}

function authoritiesOf(track: Track<Authority> | undefined): readonly Authority[] {
  return track === undefined ? [] : acceptedBy(track);
}

function sightsOf({ issued }: Desired): readonly CertificateSight[] {
  return certificateInventory(issued.certificates).map(({ kind, name, certificate }) => {
    const { notAfter, fingerprint256, issuer } = certificate;
    return { name: `${kind} ${name}`, notAfter, fingerprint256, issuer };
  });
}

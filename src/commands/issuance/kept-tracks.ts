import type { ClusterSpec } from '../../cluster/spec.ts';
import type { DeployInputs } from '../../inputs/inputs.ts';
import type { StoredMaterial } from '../../manifests/stored-material.ts';
import type { UserConfiguration } from '../../nats/conf/merge.ts';
import { isOperated } from '../../nats/conf/operator.ts';
import { storedFiles, storedSystemCredentials, storedUsers } from '../preflight/kept-inputs.ts';
import type { LiveState } from '../preflight/live-state.ts';
import { storedConfiguration, withConfiguration } from '../preflight/user-configuration.ts';
import { deploymentAuthorities, type GivenAuthority } from './authorities.ts';
import { deploymentCredentials } from './credentials.ts';
import type { Tracks } from './tracks.ts';

/** Returns the present CAs and users of a deployment, for a command that gets no passwords as inputs. */
export async function keptTracks(
  spec: ClusterSpec,
  live: LiveState,
  deployment: DeployInputs,
  { now, given }: { readonly now: Date; readonly given: GivenAuthority | undefined },
): Promise<Tracks> {
  const { stored, statefulSet } = live;
  const { caValidityMs } = deployment;
  const isRunning = statefulSet !== undefined;
  const configuration = storedConfiguration(stored.configuration);
  const kept = {
    users: storedUsers(stored.users),
    files: storedFiles(stored.files),
    systemCredentials: deployment.systemCredentials ?? keptCredentials(configuration, stored),
  };
  const withoutPasswords = { ...deployment, clientPassword: undefined, routePassword: undefined, ...kept };
  return {
    authorities: await deploymentAuthorities(spec, stored, { now, caValidityMs, given, isRunning }),
    credentials: withConfiguration(deploymentCredentials(withoutPasswords, stored), configuration, live),
  };
}

function keptCredentials(configuration: UserConfiguration | undefined, stored: StoredMaterial) {
  const isByJwt = configuration !== undefined && isOperated(configuration.tree);
  return isByJwt ? storedSystemCredentials(stored.systemCredentials) : undefined;
}

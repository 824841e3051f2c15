import { configRevisionOf } from '../../cluster/revision.ts';
import type { ClusterSpec } from '../../cluster/spec.ts';
import type { RenderInputs } from '../../inputs/inputs.ts';
import type { DeploymentCredentials } from '../../manifests/material.ts';
import { publicText } from '../../nats/conf/secrets.ts';
import type { Rendering } from '../../rendering/rendering.ts';
import { code, type Markdown, md } from '../../report/markdown.ts';

/** Returns the facts that every rendering states about the deployment. */
export function describedBy(
  { renderFormat }: RenderInputs,
  spec: ClusterSpec,
  { configuration }: DeploymentCredentials,
): Pick<Rendering, 'format' | 'name' | 'namespace' | 'image' | 'configRevision'> {
  const { name, namespace, image } = spec;
  const own = configuration === undefined ? undefined : publicText(configuration.tree);
  return { format: renderFormat, name, namespace, image, configRevision: configRevisionOf(spec, own) };
}

/** Returns notes about facts that are known only in a cluster. */
export function commonNotes({ serviceType, metrics }: ClusterSpec): readonly Markdown[] {
  return [
    ...(serviceType === 'ClusterIP'
      ? []
      : [
          md`The server certificate does not name the address that ${code(`service-type: ${serviceType}`)} gives, as it is not known yet: name it by \`subject-alt-names\`, or run \`command: deploy\`, which finds it.`,
        ]),
    ...(metrics
      ? [
          md`The PodMonitor (\`optional/\`) is for clusters with the Prometheus operator: apply it there. Helm sees by itself whether the kind is known.`,
        ]
      : []),
  ];
}

import { Document, isCollection } from 'yaml';
import type { PermissionRule } from './permissions.ts';
import { clusterRoleManifest, roleManifest } from './role.ts';

/** Renders the published permissions as YAML, each rule below the reason for it. */
export function roleDocument(
  rules: readonly PermissionRule[],
  role: { readonly name: string; readonly namespace: string },
): string {
  const inNamespace = rules.filter(({ scope }) => scope === 'namespace');
  const inCluster = rules.filter(({ scope }) => scope === 'cluster');
  const documents = [
    ...(inNamespace.length === 0 ? [] : [commented(roleManifest(rules, role), inNamespace)]),
    ...(inCluster.length === 0 ? [] : [commented(clusterRoleManifest(rules, role.name), inCluster)]),
  ];
  return documents.join('---\n');
}

function commented(manifest: object, rules: readonly PermissionRule[]): string {
  const document = new Document(manifest);
  rules.forEach((rule, index) => {
    const item: unknown = document.getIn(['rules', index], true);
    if (isCollection(item)) {
      item.commentBefore = commentOf(rule);
      item.items.forEach((pair) => flow(pair));
    }
  });
  return document.toString({ lineWidth: 120, flowCollectionPadding: false });
}

function commentOf({ why, without, onlyWith }: PermissionRule): string {
  const condition = onlyWith === undefined ? [] : [`Only with ${onlyWith}.`];
  const optional = without === undefined ? [] : [`Optional. ${without}`];
  const lines = [why, ...condition, ...optional].filter((line) => line !== '');
  return lines.map((line) => ` ${line}`).join('\n');
}

/** Sets a list to one line. */
function flow(pair: unknown): void {
  const value: unknown = typeof pair === 'object' && pair !== null ? Reflect.get(pair, 'value') : undefined;
  if (isCollection(value)) {
    value.flow = true;
  }
}

import { stringify } from 'yaml';
import { RENDERED_ANNOTATION } from '../cluster/names.ts';
import { packArchive } from './archive.ts';
import { renderNotes, renderReadme } from './instructions.ts';
import {
  isOptionalObject,
  isSecretObject,
  nameObjectFile,
  type RenderedFile,
  type RenderedObject,
  type Rendering,
  renderObject,
} from './rendering.ts';

/** The values of the chart, each with a mark that an input cannot contain by accident. */
const PLACES = {
  namespace: { mark: '--namespace-of-the-chart--', value: '{{ .Values.namespace }}' },
  image: { mark: '--image-of-the-chart--', value: '{{ .Values.image }}' },
} as const;

const namePackage = (name: string): string => `${name}.tgz`;

/** Returns the files of a chart, and the packaged chart. */
export function renderHelmFiles(rendering: Rendering): readonly RenderedFile[] {
  const chart = renderChartFiles(rendering);
  const { name, hasSecrets } = rendering;
  const packed: RenderedFile = { path: namePackage(name), content: packArchive(name, chart), isSecret: hasSecrets };
  return [...chart, packed];
}

function renderChartFiles(rendering: Rendering): readonly RenderedFile[] {
  const { name, namespace, image, configRevision, isBoundToNamespace } = rendering;
  const open = (path: string, content: string): RenderedFile => ({ path, content, isSecret: false });
  const objects = rendering.objectsAt({
    namespace: isBoundToNamespace ? namespace : PLACES.namespace.mark,
    image: PLACES.image.mark,
  });
  return [
    open('.helmignore', `${namePackage(name)}\n`),
    open('Chart.yaml', stringify(buildChartMetadata(name, configRevision))),
    open('README.md', renderReadme(rendering)),
    open('values.yaml', stringify({ namespace, image }, { compat: 'yaml-1.1' })),
    open('values.schema.json', `${JSON.stringify(VALUES, undefined, 2)}\n`),
    ...(isBoundToNamespace ? [open('templates/namespace.yaml', renderNamespaceCheck(namespace))] : []),
    ...objects.map(
      (object): RenderedFile => ({
        path: `templates/${nameObjectFile(object)}`,
        content: renderTemplate(object),
        isSecret: isSecretObject(object),
      }),
    ),
    open('templates/NOTES.txt', escapeTemplate(renderNotes(rendering))),
  ];
}

function buildChartMetadata(name: string, configRevision: string) {
  return {
    apiVersion: 'v2',
    name,
    description: 'A TLS NATS cluster, rendered by nats-cluster-action',
    type: 'application',
    version: `0.1.0+${configRevision}`,
  };
}

const VALUES = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  required: ['namespace', 'image'],
  properties: {
    namespace: { type: 'string', pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' },
    image: { type: 'string', pattern: '^[^\\s"\\\\{}]+$' },
  },
} as const;

function renderTemplate(object: RenderedObject): string {
  const text = fillPlaces(escapeTemplate(renderObject(markAsHelm(object), { quoted: true })));
  const { apiVersion, kind } = object;
  return isOptionalObject(object)
    ? `{{- if .Capabilities.APIVersions.Has "${apiVersion}/${kind}" }}\n${text}{{- end }}\n`
    : text;
}

function markAsHelm(object: RenderedObject): RenderedObject {
  const { annotations } = object.metadata;
  return {
    ...object,
    metadata: { ...object.metadata, annotations: { ...annotations, [RENDERED_ANNOTATION]: 'helm' } },
  };
}

/** Escapes a text so that a template outputs it unchanged. */
function escapeTemplate(text: string): string {
  return text.replaceAll('{{', '{{ "{{" }}');
}

function fillPlaces(text: string): string {
  return Object.values(PLACES).reduce((all, { mark, value }) => all.replaceAll(mark, value), text);
}

/** Builds a template that renders to nothing, or fails for another namespace. */
function renderNamespaceCheck(namespace: string): string {
  const message = `the certificates of this chart name namespace ${namespace}: leave the value namespace as it is, or render the chart for the other namespace`;
  return `{{- if ne .Values.namespace "${namespace}" }}{{ fail "${message}" }}{{ end }}\n`;
}

/** The folder of objects that not every cluster accepts: neither kubectl nor kustomize reads it by itself. */
const OPTIONAL = 'optional';

/** Returns every file of a rendering, sorted by path. The same rendering gives the same files. */
export function renderFiles(rendering: Rendering): readonly RenderedFile[] {
  const files = renderFormat(rendering);
  const secret = files.filter(({ isSecret }) => isSecret).map(({ path }) => `/${path}\n`);
  const ignored: RenderedFile = { path: '.gitignore', content: secret.toSorted().join(''), isSecret: false };
  return [...files, ...(secret.length > 0 ? [ignored] : [])].toSorted((left, right) =>
    left.path < right.path ? -1 : 1,
  );
}

function renderFormat(rendering: Rendering): readonly RenderedFile[] {
  switch (rendering.format) {
    case 'manifests':
      return [...renderObjectFiles(rendering), renderReadmeFile(rendering)];
    case 'kustomize':
      return [...renderObjectFiles(rendering), renderReadmeFile(rendering), renderKustomization(rendering)];
    case 'helm':
      return renderHelmFiles(rendering);
  }
}

function renderObjectFiles({ objectsAt, namespace, image }: Rendering): readonly RenderedFile[] {
  return objectsAt({ namespace, image }).map((object) => {
    const name = nameObjectFile(object);
    return {
      path: isOptionalObject(object) ? `${OPTIONAL}/${name}` : name,
      content: renderObject(object),
      isSecret: isSecretObject(object),
    };
  });
}

function renderReadmeFile(rendering: Rendering): RenderedFile {
  return { path: 'README.md', content: renderReadme(rendering), isSecret: false };
}

/** Builds the kustomization. The objects are in the order in which they are needed. */
function renderKustomization({ objectsAt, namespace, image }: Rendering): RenderedFile {
  const objects = objectsAt({ namespace, image }).filter((object) => !isOptionalObject(object));
  const content = stringify({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: objects.map(nameObjectFile),
  });
  return { path: 'kustomization.yaml', content, isSecret: false };
}

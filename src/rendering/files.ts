import { stringify } from 'yaml';
import { helmFiles } from './helm-chart.ts';
import { readmeOf } from './instructions.ts';
import { isOptionalObject, isSecretObject, objectFileName, objectYaml } from './object-file.ts';
import type { RenderedFile } from './rendered-file.ts';
import type { Rendering } from './rendering.ts';

/** The folder of objects that not every cluster accepts: neither kubectl nor kustomize reads it by itself. */
const OPTIONAL = 'optional';

/** Returns every file of a rendering, sorted by path. The same rendering gives the same files. */
export function renderedFiles(rendering: Rendering): readonly RenderedFile[] {
  const files = formatFiles(rendering);
  const secret = files.filter(({ isSecret }) => isSecret).map(({ path }) => `/${path}\n`);
  const ignored: RenderedFile = { path: '.gitignore', content: secret.toSorted().join(''), isSecret: false };
  return [...files, ...(secret.length > 0 ? [ignored] : [])].toSorted((left, right) =>
    left.path < right.path ? -1 : 1,
  );
}

function formatFiles(rendering: Rendering): readonly RenderedFile[] {
  switch (rendering.format) {
    case 'manifests':
      return [...objectFiles(rendering), readme(rendering)];
    case 'kustomize':
      return [...objectFiles(rendering), readme(rendering), kustomization(rendering)];
    case 'helm':
      return helmFiles(rendering);
  }
}

function objectFiles({ objectsAt, namespace, image }: Rendering): readonly RenderedFile[] {
  return objectsAt({ namespace, image }).map((object) => {
    const name = objectFileName(object);
    return {
      path: isOptionalObject(object) ? `${OPTIONAL}/${name}` : name,
      content: objectYaml(object),
      isSecret: isSecretObject(object),
    };
  });
}

function readme(rendering: Rendering): RenderedFile {
  return { path: 'README.md', content: readmeOf(rendering), isSecret: false };
}

/** Builds the kustomization. The objects are in the order in which they are needed. */
function kustomization({ objectsAt, namespace, image }: Rendering): RenderedFile {
  const objects = objectsAt({ namespace, image }).filter((object) => !isOptionalObject(object));
  const content = stringify({
    apiVersion: 'kustomize.config.k8s.io/v1beta1',
    kind: 'Kustomization',
    resources: objects.map(objectFileName),
  });
  return { path: 'kustomization.yaml', content, isSecret: false };
}

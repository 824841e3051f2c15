// This file is plain JavaScript that any Node can read, because it must run where TypeScript does not.
const [major] = process.versions.node.split('.');
if (Number(major) < 24) {
  process.stderr.write(
    `Node 24 or newer is needed, this is ${process.version} (${process.execPath}).\n` +
      'Run `npm ci` without --omit=optional, then start this through npm, for example `npm test`:\n' +
      'npm puts the Node 24 of node_modules/.bin first on PATH.\n',
  );
  process.exit(1);
}

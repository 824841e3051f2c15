import './node-version.js';
import { readFile, writeFile } from 'node:fs/promises';
import process from 'node:process';

/**
 * Adds the optional packages of other platforms to package-lock.json. If the registry mirror does not have them,
 * `npm install` leaves them out of the file, and `npm ci` then refuses the file on every machine.
 */
const LOCKFILE = 'package-lock.json';
const SYSTEMS = ['android', 'darwin', 'freebsd', 'linux', 'openharmony', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'ppc64', 'riscv64', 's390x', 'x64', 'wasm32'];

type Entry = Readonly<Record<string, unknown>>;

const lock = recordOf(JSON.parse(await readFile(LOCKFILE, 'utf8')));
const packages = new Map(Object.entries(recordOf(lock['packages'])));
let added = 0;
for (const parent of [...packages.values()].map(recordOf)) {
  for (const [name, version] of optionalDependencies(parent)) {
    const path = `node_modules/${name}`;
    const cpu = PROCESSORS.filter((processor) => name.split(/[-/]/).includes(processor));
    const os = SYSTEMS.filter((system) => name.split(/[-/]/).includes(system));
    if (!packages.has(path) && os.length > 0) {
      packages.set(path, { version, ...(cpu.length === 0 ? {} : { cpu }), dev: true, optional: true, os });
      added++;
    }
  }
}
const sorted = Object.fromEntries([...packages].sort(([a], [b]) => (a < b ? -1 : 1)));
await writeFile(LOCKFILE, `${JSON.stringify({ ...lock, packages: sorted }, undefined, 2)}\n`);
process.stdout.write(`${LOCKFILE}: ${added} optional packages of other platforms added\n`);

function optionalDependencies(entry: Entry): readonly (readonly [string, string])[] {
  const listed = Object.entries(recordOf(entry['optionalDependencies']));
  return listed.map(([name, version]) => [name, String(version)] as const);
}

function recordOf(value: unknown): Entry {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

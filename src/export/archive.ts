import { gzipSync } from 'node:zlib';
import type { RenderedFile } from './rendering.ts';

const BLOCK = 512;
const LONGEST_NAME = 100;

/** The date 1980-01-01, which every unpacker accepts. A fixed date makes the archive of the same files identical. */
const MODIFIED_SECONDS = 315_532_800;

/**
 * Builds a compressed tar archive of the files below `folder` (POSIX.1-2001, ustar with pax headers). Paths are ASCII.
 */
export function packArchive(folder: string, files: readonly RenderedFile[]): Uint8Array {
  const sorted = files.toSorted((left, right) => (left.path < right.path ? -1 : 1));
  const entries = sorted.flatMap(({ path, content, isSecret }) => {
    const full = `${folder}/${path}`;
    const mode = isSecret ? 0o600 : 0o644;
    const isLong = full.length > LONGEST_NAME;
    const file = buildEntry({ name: full.slice(-LONGEST_NAME), type: '0', mode, bytes: Buffer.from(content) });
    return isLong ? [buildLongName(full), file] : [file];
  });
  return gzipSync(Buffer.concat([...entries, Buffer.alloc(2 * BLOCK)]), { level: 9 });
}

/** Builds the pax header that contains the path of the next entry. */
function buildLongName(path: string): Buffer {
  const rest = ` path=${path}\n`;
  const digits = String(rest.length + String(rest.length + 3).length).length;
  const record = Buffer.from(`${rest.length + digits}${rest}`);
  return buildEntry({ name: 'pax-header', type: 'x', mode: 0o644, bytes: record });
}

type Entry = { readonly name: string; readonly type: '0' | 'x'; readonly mode: number; readonly bytes: Buffer };

function buildEntry({ name, type, mode, bytes }: Entry): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 'ascii');
  header.write(formatOctal(mode, 8), 100);
  header.write(formatOctal(0, 8), 108);
  header.write(formatOctal(0, 8), 116);
  header.write(formatOctal(bytes.length, 12), 124);
  header.write(formatOctal(MODIFIED_SECONDS, 12), 136);
  header.write(' '.repeat(8), 148); // The checksum is computed with its own field as blanks.
  header.write(type, 156);
  header.write('ustar\x0000', 257);
  header.write(
    formatOctal(
      header.reduce((sum, byte) => sum + byte, 0),
      7,
    ),
    148,
  );
  return Buffer.concat([header, bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)]);
}

function formatOctal(value: number, width: number): string {
  return `${value.toString(8).padStart(width - 1, '0')}\0`;
}

import { between } from './marked-part.ts';
import { ROOMS } from './structure/rooms.ts';

/** Writes the table of the rooms into docs/architecture.md, in the order in which they stand. */
export function withRooms(document: string): string {
  const rows = ROOMS.map(({ path, purpose }) => `| \`${path === '.' ? 'main.ts' : path}\` | ${purpose} |`);
  return between(document, 'rooms', ['', '| Room | Purpose |', '| --- | --- |', ...rows, ''].join('\n'));
}

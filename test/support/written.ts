import process from 'node:process';
import { createDoor, type Door } from '../../src/runner/door.ts';

export type RecordedDoor = {
  readonly door: Door;
  /** All that reached the runner so far. */
  readonly written: () => string;
  /** The same, from now on without it. */
  readonly take: () => string;
};

/** A door whose texts are kept in place of being written. */
export function recordedDoor(): RecordedDoor {
  const texts: string[] = [];
  const record = (write: () => void): void => {
    const { stdout } = process;
    const direct = Object.getOwnPropertyDescriptor(stdout, 'write');
    const keep = (text: string | Uint8Array): boolean => {
      texts.push(typeof text === 'string' ? text : Buffer.from(text).toString('utf8'));
      return true;
    };
    Object.defineProperty(stdout, 'write', { value: keep, configurable: true, writable: true });
    try {
      write();
    } finally {
      if (direct === undefined) Reflect.deleteProperty(stdout, 'write');
      else Object.defineProperty(stdout, 'write', direct);
    }
  };
  const take = (): string => texts.splice(0).join('');
  return { door: createDoor(record), written: () => texts.join(''), take };
}

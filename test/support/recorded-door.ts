import process from 'node:process';
import { createDoor, type Door } from '../../src/runner/door.ts';

export type RecordedDoor = {
  readonly door: Door;
  /** Returns all text that reached the runner so far. */
  readonly written: () => string;
  /** Returns the same text and removes it from the record. */
  readonly take: () => string;
};

/** Returns a door that keeps its texts and does not write them. */
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

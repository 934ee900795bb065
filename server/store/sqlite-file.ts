// Which file a database is: another one at its place was put there by somebody, from a backup.

import { statSync, utimesSync } from 'node:fs';

/** `number birth`, or the number alone where the birth is not known. ext4 gives a number again as soon as it is free. */
export function fileMark(path: string): string {
  touch(path);
  const { ino, birthtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return birthtimeNs === 0n || birthtimeNs === ctimeNs ? String(ino) : `${ino} ${birthtimeNs}`;
}

/** What is not known of one of them tells nothing. */
export function isSameFile(one: string, other: string): boolean {
  const [number, birth] = one.split(' ');
  const [otherNumber, otherBirth] = other.split(' ');
  return number === otherNumber && (birth === undefined || otherBirth === undefined || birth === otherBirth);
}

/** Where a birth is not known Node says 0, or the time of the last change, which is made later than any birth here. */
function touch(path: string): void {
  const { atime, mtime } = statSync(path);
  try {
    utimesSync(path, atime, mtime);
  } catch {
    // Somebody else's file, which may be written all the same.
  }
}

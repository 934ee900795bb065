// Programs of others that tests run, as Debian has them. Installs a package where that is ours to do: as root on Debian,
// as in a container made for tests.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program lies. @throws {Error} saying what to install when there is none and it cannot be installed */
export function debianProgram(name: string, debianPackage = name): string {
  const found = place(name) ?? (installDebianPackage(debianPackage) ? place(name) : undefined);
  if (found !== undefined) return found;
  throw new Error(`No ${name} found. Install it (Debian: apt-get install ${debianPackage}).`);
}

/** False where it is not ours to install; nothing was done then. */
export function installDebianPackage(name: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  process.stderr.write(`Installing Debian’s package ${name}\n`);
  execFileSync('apt-get', ['update'], { stdio: 'ignore' });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', name], { stdio: 'ignore', env });
  return true;
}

function place(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

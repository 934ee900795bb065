// Installs a package where that is ours to do: as root on Debian, as in a container made for tests.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** False where it is not ours to install; nothing was done then. */
export function installDebianPackage(name: string): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return false;
  process.stderr.write(`Installing Debian’s package ${name}\n`);
  execFileSync('apt-get', ['update'], { stdio: 'ignore' });
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  execFileSync('apt-get', ['install', '-y', '--no-install-recommends', name], { stdio: 'ignore', env });
  return true;
}

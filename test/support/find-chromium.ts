// Where is a browser to test in? Looks, and on a Debian machine of one's own installs; never downloads one itself.

import { existsSync } from 'node:fs';
import { platform } from 'node:process';
import { installDebianPackage } from './debian-package.js';

const USUAL_PLACES: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome-stable',
    '/usr/bin/google-chrome',
    '/snap/bin/chromium',
  ],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: [
    'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
    'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  ],
};

/** No traffic of its own, no GPU; local addresses shown, so that no multicast leaves the machine. */
export const chromiumArgs: readonly string[] = [
  '--headless=new',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** @throws {Error} saying what to install when there is no browser and none can be installed */
export function findChromium(): string {
  const named = process.env['CHROME_PATH'];
  if (named !== undefined && named !== '') {
    if (existsSync(named)) return named;
    throw new Error(`CHROME_PATH is ${named}, and there is no file of that name`);
  }
  const found = place();
  if (found !== undefined) return found;
  const installed = installDebianPackage('chromium') ? place() : undefined;
  if (installed !== undefined) return installed;
  throw new Error('No Chrome or Chromium found. Install one (Debian: apt-get install chromium) or set CHROME_PATH.');
}

function place(): string | undefined {
  return (USUAL_PLACES[platform] ?? []).find((path) => existsSync(path));
}

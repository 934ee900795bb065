// A port of loopback for programs that cannot choose one themselves, or that are started again on the one they had.

import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Below those that Linux gives to whoever asks for any (32,768 and up): nobody gets it by chance while it is not in use. */
const FIRST = 20_000;
const COUNT = 12_000;

/** One that nobody listens on. @throws {Error} when twenty in a row are taken */
export async function freePort(kind: 'tcp' | 'udp' = 'tcp'): Promise<number> {
  for (let tries = 0; tries < 20; tries += 1) {
    const port = FIRST + Math.floor(Math.random() * COUNT);
    if (await isFree(port, kind)) return port;
  }
  throw new Error('no port is free');
}

function isFree(port: number, kind: 'tcp' | 'udp'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = kind === 'udp' ? createSocket('udp4') : createServer();
    probe.once('error', () => resolve(false));
    const bound = (): void => void probe.close(() => resolve(true));
    if ('bind' in probe) probe.bind(port, '127.0.0.1', bound);
    else probe.listen(port, '127.0.0.1', bound);
  });
}

// One file of a folder of ours, with what browsers and caches have to know of it.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, extname, join, normalize, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Context } from 'hono';

export interface FileOptions {
  /** Its Content-Security-Policy. */
  readonly policy?: string;
  /** Any site's page may fetch it. */
  readonly isPublic?: boolean;
  /** Its name changes with its content. */
  readonly isImmutable?: boolean;
  /** The build makes it: where it lacks, nobody built. */
  readonly isBuilt?: boolean;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.map': 'application/json',
  '.ico': 'image/x-icon',
};

/** Answers with a file of a folder, and with nothing outside of it. */
export async function file(c: Context, folder: string, name: string, options: FileOptions): Promise<Response> {
  const path = normalize(join(folder, decoded(name)));
  const isInside = path.startsWith(normalize(folder) + sep);
  const info = isInside ? await stat(path).catch(() => null) : null;
  if (info?.isFile() !== true) {
    if (options.isBuilt === true) {
      return c.json({ code: 'not-built', message: 'This is not built. Run "npm run build" first.' }, 503);
    }
    return c.json({ code: 'not-found', message: 'There is nothing here.' }, 404);
  }
  const body = await readFile(path);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  c.header('ETag', etag);
  c.header('Cache-Control', options.isImmutable === true ? 'public, max-age=31536000, immutable' : 'no-cache');
  if (options.policy !== undefined) c.header('Content-Security-Policy', options.policy);
  if (options.isPublic === true) {
    c.header('Access-Control-Allow-Origin', '*');
    c.header('Cross-Origin-Resource-Policy', 'cross-origin');
  }
  if (c.req.header('If-None-Match') === etag) return c.body(null, 304);
  c.header('Content-Type', TYPES[extname(path)] ?? 'application/octet-stream');
  return c.body(new Uint8Array(body));
}

/** What is no encoding stays as it is, and names no file. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** The folder of package.json: this file runs from `server/` and from `dist/lib/server/`. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('package.json of festival-chat was not found');
    folder = parent;
  }
  return folder;
}

// Writes down what administrators do: who, what, when, and what became of it. Reading is not written down.

import type { Context } from 'hono';
import { AUDIT_TEXT_MAX } from '../audit.js';
import type { AuditEntry, AuditLog } from '../audit.js';

/** The header in which an administrator says a name, percent-encoded. */
const ADMINISTRATOR_HEADER = 'X-Administrator';
const NAME_MAX = 40;

export interface AuditingOptions {
  readonly audit: AuditLog;
  readonly now: () => number;
  /** A salted hash. */
  readonly addressOf: (c: Context) => string;
  /** An entry could not be kept. */
  readonly failed: (error: Error) => void;
}

/** Comes after the check of the token: what strangers try is no administrator's doing. */
export function auditing({ audit, now, addressOf, failed }: AuditingOptions) {
  return async (c: Context, next: () => Promise<void>): Promise<void> => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const asked = await c.req.text();
    await next();
    const entry: AuditEntry = {
      atMs: now(),
      who: nameIn(c.req.header(ADMINISTRATOR_HEADER)),
      from: addressOf(c).slice(0, 8),
      action: actionIn(c.req.path),
      asked: asked.slice(0, AUDIT_TEXT_MAX),
      status: c.res.status,
      answered: (await c.res.clone().text()).slice(0, AUDIT_TEXT_MAX),
    };
    await audit.add(entry).catch((error: unknown) => failed(error as Error));
  };
}

/** What is no name in this form counts as none. */
function nameIn(header: string | undefined): string {
  try {
    const name = decodeURIComponent(header ?? '')
      .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '')
      .trim();
    return Array.from(name).slice(0, NAME_MAX).join('');
  } catch {
    return '';
  }
}

function actionIn(path: string): string {
  const action = path.slice('/admin/'.length);
  try {
    return decodeURIComponent(action).slice(0, AUDIT_TEXT_MAX);
  } catch {
    return action.slice(0, AUDIT_TEXT_MAX);
  }
}

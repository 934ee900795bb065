// Who is signed in: kept by the browser for this tab alone, and gone with it.

const KEY = 'festival-chat-admin';

export interface Session {
  readonly token: string;
  /** How the audit calls this administrator; may be empty. */
  readonly name: string;
}

/** Null when nobody is, or where the browser keeps nothing. */
export function keptSession(): Session | null {
  try {
    const { token, name } = JSON.parse(sessionStorage.getItem(KEY) ?? '{}') as Partial<Session>;
    return typeof token === 'string' && typeof name === 'string' ? { token, name } : null;
  } catch {
    return null;
  }
}

/** Where the browser keeps nothing, a reload asks again. */
export function keepSession(session: Session | null): void {
  try {
    if (session === null) sessionStorage.removeItem(KEY);
    else sessionStorage.setItem(KEY, JSON.stringify(session));
  } catch {
    // Storage is forbidden here; the session lives in memory.
  }
}

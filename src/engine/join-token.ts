// What a join token says to the page that carries it. Only the server can tell whether it is good.

import { isName } from '../protocol/record.js';
import { fromBase64Url } from './base64url.js';

/** The name the site has given its visitor (rule J7); null when the token leaves it open, or is none. */
export function nameInToken(token: string): string | null {
  try {
    const claims = JSON.parse(new TextDecoder().decode(fromBase64Url(token.split('.')[1] ?? ''))) as { name?: unknown };
    return typeof claims.name === 'string' && isName(claims.name) ? claims.name : null;
  } catch {
    return null;
  }
}

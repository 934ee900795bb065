// Two ways to sign, one signature: the platform's and the library's accept each other's, and refuse the same.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCrypto } from '../../src/engine/crypto-suite.js';
import { nobleSuite } from '../../src/engine/noble-suite.js';

test('[R2] what one suite signs the other verifies, and neither takes a changed byte', async () => {
  const [platform, library] = [await loadCrypto(), nobleSuite()];
  assert.equal(platform.kind, 'webcrypto');
  const bytes = new TextEncoder().encode('the ferry leaves at two');
  const changed = new TextEncoder().encode('the ferry leaves at ten');
  for (const signer of [platform, library]) {
    const key = await signer.createKey();
    const signature = await signer.sign(key, bytes);
    for (const verifier of [platform, library]) {
      assert.ok(await verifier.verify(key.author, bytes, signature));
      assert.ok(!(await verifier.verify(key.author, changed, signature)));
      assert.ok(!(await verifier.verify((await signer.createKey()).author, bytes, signature)));
    }
  }
});

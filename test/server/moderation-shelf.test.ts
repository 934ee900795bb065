// Moderation in a folder: what is said to be kept is kept, and nothing else.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FolderShelf } from '../../server/moderation/shelf.js';

async function inFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'festival-chat-shelf-'));
  try {
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('what is put at the same time into a collection that was empty is all there', () =>
  inFolder(async (folder) => {
    const shelf = new FolderShelf(folder);
    await Promise.all(['one', 'two', 'three'].map((name) => shelf.put('numbers', name, name)));
    assert.equal((await new FolderShelf(folder).all('numbers')).size, 3);
  }));

test('what could not be written is not there, and is written when it is put again', () =>
  inFolder(async (folder) => {
    const shelf = new FolderShelf(folder);
    const inTheWay = join(folder, 'numbers.json.new');
    mkdirSync(inTheWay);
    await assert.rejects(shelf.put('numbers', 'one', '1'), /EISDIR/);
    assert.equal((await shelf.all('numbers')).size, 0);
    rmdirSync(inTheWay);
    await shelf.put('numbers', 'one', '1');
    assert.equal((await new FolderShelf(folder).all('numbers')).size, 1);
  }));

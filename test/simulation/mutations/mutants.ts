// Deliberate faults of the core, each of which the simulator must find. A mutant that stays hidden shows that the
// simulator is too kind: it is the worlds and the invariants that are made stricter then, never this list shorter.

import type { DegenerateName } from '../seeds.js';

export interface Mutant {
  /** What this core does wrong. */
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The rule of PROTOCOL.md that it breaks. */
  readonly rule: string;
  /** Worlds that show it soonest; all kinds when left out. */
  readonly worlds?: readonly DegenerateName[];
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'takes everything below the last seq seen for a duplicate',
    rule: 'D1',
    file: 'src/core/seen.ts',
    find: 'if (seq <= window.contiguous || window.above.has(seq)) return true;',
    replace: 'if (seq <= window.highest) return true;',
  },
  {
    name: 'takes everything left of the window for seen',
    rule: 'D2',
    file: 'src/core/seen.ts',
    find: 'return seq <= window.highest - LIMITS.seenWindow && isStored(id);',
    replace: 'return seq <= window.highest - LIMITS.seenWindow;',
    worlds: ['small memories', 'a liar and a server that is emptied'],
  },
  {
    name: 'has a window of seen records that is short by one',
    rule: 'D2',
    file: 'src/core/seen.ts',
    find: 'if (seq <= oldest) window.above.delete(seq);',
    replace: 'if (seq <= oldest + 1) window.above.delete(seq);',
    worlds: ['small memories'],
  },
  {
    name: 'remembers a record as seen before it is verified',
    rule: 'D3',
    file: 'src/core/intake.ts',
    find: 'if (this.#isUnsaved(id) || this.#replica.isKnown(record)) known.push(id);',
    replace: `const early = ((this as { early?: Set<RecordId> }).early ??= new Set<RecordId>());
      const isMarked = early.has(id);
      early.add(id);
      if (isMarked || this.#isUnsaved(id) || this.#replica.isKnown(record)) known.push(id);`,
    worlds: ['links that lie'],
  },
  {
    name: 'relays before it has verified',
    rule: 'R5',
    file: 'src/core/arrivals.ts',
    find: 'this.#parts.counters.duplicatesFiltered += known.length;',
    replace: `const early = fresh.map((record) => ({ record, hops: 0, offset: null }) as unknown as KeptRecord);
    const relayed = this.#parts.peers().passOn(batch, early, nowMs);
    if (relayed.length > 0) return [...relayed, ...(ticket === null ? [] : [{ type: 'verify', ticket, records: fresh, receipt } as const])];`,
    worlds: ['carrying alone'],
  },
  {
    name: 'shows before it has verified',
    rule: 'R5',
    file: 'src/core/arrivals.ts',
    find: "if (ticket !== null) outputs.push({ type: 'verify', ticket, records: fresh, receipt });",
    replace: `for (const record of fresh) this.#takeIn(record, batch, nowMs, outputs);
    if (ticket !== null) outputs.push({ type: 'verify', ticket, records: fresh, receipt });`,
  },
  {
    name: 'does not verify what claims to come straight from its author',
    rule: 'M4',
    file: 'src/core/arrivals.ts',
    find: 'const { ticket, fresh, known, forged, batch } = sorted;',
    replace: `const { ticket, known, forged, batch } = sorted;
    const isDirect = (record: SignedRecord): boolean => frame.hops !== undefined && batch.hops.get(idOf(record)) === 0;
    const early: RoomOutput[] = [];
    for (const record of sorted.fresh.filter(isDirect)) this.#takeIn(record, batch, nowMs, early);
    const { fresh } = sorted;
    if (early.length > 0 && ticket !== null) return [...early, { type: 'verify', ticket, records: fresh, receipt }];`,
    worlds: ['links that lie'],
  },
  {
    name: 'acknowledges before it has taken in',
    rule: 'P2',
    file: 'src/core/arrivals.ts',
    find: 'this.#acknowledge(link, from, known);',
    replace: 'this.#acknowledge(link, from, [...known, ...fresh.map(idOf)]);',
  },
  {
    name: 'sends before the record is durable',
    rule: 'P1',
    file: 'src/core/writing.ts',
    find: "return [{ type: 'save', kept }];",
    replace: "return [{ type: 'save', kept }, ...this.saved(idOf(record), nowMs)];",
  },
  {
    name: 'takes the acknowledgement of a peer for a place at the server',
    rule: 'S1',
    file: 'src/core/replica.ts',
    find: 'if (this.log.get(id) === undefined || !this.outbox.acknowledge(id, peer)) return [];',
    replace: `if (this.log.get(id) === undefined || !this.outbox.acknowledge(id, peer)) return [];
    this.outbox.release(id);`,
    worlds: ['authors alone'],
  },
  {
    name: 'publishes an own record only once',
    rule: 'S9',
    file: 'src/core/outbox.ts',
    find: 'if (entry.dueAtMs > nowMs) continue;',
    replace: 'if (entry.dueAtMs > nowMs || entry.isInFlight) continue;',
    worlds: ['a server that loses a third'],
  },
  {
    name: 'forgets its outbox when the page is reloaded',
    rule: 'S7',
    file: 'src/core/room.ts',
    find: 'if (isWaiting) this.#replica.outbox.add(id, nowMs);',
    replace: '',
    worlds: ['pages that crash'],
  },
  {
    name: 'sends its outbox before it has joined',
    rule: 'J1',
    file: 'src/core/room.ts',
    find: 'this.#door.opening(nowMs);',
    replace: `this.#door.opening(nowMs);
        this.#replica.outbox.open(nowMs);
        if (this.#replica.outbox.size > 0) {
          return this.#replica.give(this.#room, 'server', this.#replica.outbox.takeDue(nowMs));
        }`,
    worlds: ['server only'],
  },
  {
    name: 'never hedges',
    rule: 'P3',
    file: 'src/core/peer-side.ts',
    find: 'if (own.length === 0 || !server.isUp) return [];',
    replace: 'if (own.length >= 0) return [];',
    worlds: ['hedging alone'],
  },
  {
    name: 'does not pass on what it carries',
    rule: 'P4',
    file: 'src/core/peer-replication.ts',
    find: 'if (!batch.isCarried || batch.from === null) return [];',
    replace: 'if (batch.size >= 0) return [];',
    worlds: ['carrying alone'],
  },
  {
    name: 'passes on again what it knows',
    rule: 'P4',
    file: 'src/core/arrivals.ts',
    find: 'else outputs.push(...this.#batchDone(batch, nowMs), ...this.#parts.peers().passOn(batch, [], nowMs));',
    replace: `else {
      const again = known.flatMap((id) => this.#parts.replica.log.get(id) ?? []);
      outputs.push(...this.#batchDone(batch, nowMs), ...this.#parts.peers().passOn(batch, again, nowMs));
    }`,
    worlds: ['a line'],
  },
  {
    name: 'does not count the hops of what it passes on',
    rule: 'M4',
    file: 'src/core/peer-replication.ts',
    find: 'const hops = (batch.hops.get(id) ?? 0) + 1;',
    replace: 'const hops = batch.hops.get(id) ?? 0;',
    worlds: ['carrying alone'],
  },
  {
    name: 'passes on beyond the limit of hops',
    rule: 'M4',
    file: 'src/core/peer-replication.ts',
    find: 'if (hops > LIMITS.hopsMax || links.length === 0 ||',
    replace: 'if (links.length === 0 ||',
    worlds: ['a line longer than a record may travel'],
  },
  {
    name: 'believes any number of hops',
    rule: 'M4',
    file: 'src/core/intake.ts',
    find: 'Math.min(LIMITS.hopsMax, frame.hops?.[index] ?? 0)',
    replace: '(frame.hops?.[index] ?? 0)',
    worlds: ['links that lie'],
  },
  {
    name: 'lets a bad clock drag its own',
    rule: 'T2',
    file: 'src/core/hybrid-clock.ts',
    find: 'Math.max(this.#latest, Math.min(time, packTime(nowMs + CLOCK_LEAD_MAX_MS)))',
    replace: 'Math.max(this.#latest, time)',
    worlds: ['a liar and a server that is emptied'],
  },
  {
    name: 'orders a record from the future by its own time',
    rule: 'T3',
    file: 'src/core/message-views.ts',
    find: "time: typeof placedAtMs === 'number' ? packTime(placedAtMs) : record.time",
    replace: 'time: placedAtMs === undefined ? record.time : record.time',
    worlds: ['a liar and a server that is emptied'],
  },
  {
    name: 'lets the edit that arrives last win',
    rule: 'R6',
    file: 'src/core/amendments.ts',
    find: 'if (target.edit === null || compareKeys(target.edit, key) < 0)',
    replace: 'if (key.time > 0)',
    worlds: ['second thoughts'],
  },
  {
    name: 'lets the reaction that arrives last win',
    rule: 'R6',
    file: 'src/core/amendments.ts',
    find: 'if (earlier === undefined || compareKeys(earlier, key) < 0)',
    replace: 'if (earlier?.time !== 0)',
    worlds: ['second thoughts'],
  },
  {
    name: 'lets a stranger take a message back',
    rule: 'R6',
    file: 'src/core/amendments.ts',
    find: "} else if (isByTargetAuthor && body.kind === 'retract') {",
    replace: "} else if (body.kind === 'retract') {",
    worlds: ['a liar and a server that is emptied'],
  },
  {
    name: 'keeps the first of two contents under one id, whatever the server placed',
    rule: 'R7',
    file: 'src/core/replica.ts',
    find: 'return this.log.has(id) && !this.log.hasOther(id, record.signature);',
    replace: 'return this.log.has(id);',
    worlds: ['a liar and a server that is emptied'],
  },
  {
    name: 'does not compare the tag of a place with what it holds',
    rule: 'R7',
    file: 'src/core/server-replication.ts',
    find: 'const isOther = this.#isOther(id, placing.tag);',
    replace: "const isOther = this.#isOther(id, placing.tag) && placing.tag === '';",
    worlds: ['links that lie'],
  },
  {
    name: 'keeps the places of an epoch that is over',
    rule: 'S6',
    file: 'src/core/server-offsets.ts',
    find: 'const isSame = this.#epoch === epoch && this.#contiguous <= head;',
    replace: 'const isSame = this.#epoch !== null && this.#contiguous <= head;',
  },
  {
    name: 'counts a place of another epoch as a place',
    rule: 'S6',
    file: 'src/core/replica.ts',
    find: 'return kept.offset !== null && kept.epoch === this.offsets.epoch;',
    replace: 'return kept.offset !== null;',
  },
  {
    name: 'never asks for a gap',
    rule: 'S3',
    file: 'src/core/server-offsets.ts',
    find: 'if (this.#askAtMs === Infinity && !this.isComplete) this.#askAtMs',
    replace: 'if (nowMs < 0) this.#askAtMs',
    worlds: ['a server that loses a third'],
  },
  {
    name: 'does not listen to how far the server says it is',
    rule: 'S3',
    file: 'src/core/server-replication.ts',
    find: 'if (frame.head !== undefined && epoch !== null)',
    replace: 'if (frame.head !== undefined && epoch !== null && nowMs < 0)',
    worlds: ['few words over a server that loses some'],
  },
  {
    name: 'does not ask for a record it has only the place of',
    rule: 'S4',
    file: 'src/core/lacking.ts',
    find: `if (place.asks <= ASKS_BY_ID) ids.push(id);
      else from = Math.min(from, place.offset);`,
    replace: '',
    worlds: ['no exchanges between peers'],
  },
  {
    name: 'joins from past what it holds',
    rule: 'S5',
    file: 'src/core/server-replication.ts',
    find: 'return this.#replica.offsets.position(this.#lacking.lowest);',
    replace: 'return this.#replica.offsets.position(Infinity);',
    worlds: ['pages that crash'],
  },
  {
    name: 'never offers what it holds for others',
    rule: 'S7',
    file: 'src/core/server-replication.ts',
    find: 'this.#replica.foreign.set(id, nowMs + waitMs);',
    replace: '',
  },
  {
    name: 'never gives up a half-open socket',
    rule: 'S10',
    file: 'src/core/server-pulse.ts',
    find: '    this.#silentSinceMs = nowMs;\n',
    replace: '',
    worlds: ['sockets that go deaf'],
  },
  {
    name: 'takes any word of the server for an answer',
    rule: 'S10',
    file: 'src/core/server-replication.ts',
    find: 'if (epoch !== offsets.epoch) return [];\n    const outputs',
    replace: 'this.pulse.pong(0, 0);\n    if (epoch !== offsets.epoch) return [];\n    const outputs',
    worlds: ['sockets that go deaf'],
  },
  {
    name: 'takes any place for an answer of the server',
    rule: 'S10',
    file: 'src/core/server-replication.ts',
    find: 'if (sentAtMs === undefined || !isAnswer) return;',
    replace: 'if (sentAtMs === undefined) return;',
    worlds: ['sockets that go deaf'],
  },
  {
    name: 'blames others for its own sleep',
    rule: 'M6',
    file: 'src/core/room.ts',
    find: 'if (nowMs - this.nextWakeMs() > SUSPENDED_AFTER_MS) this.#forgive(nowMs);',
    replace: '',
  },
  {
    name: 'keeps a peer link that is dead',
    rule: 'M6',
    file: 'src/core/peer-link-state.ts',
    find: 'isDown: this.#probe?.isOverdue ?? false',
    replace: 'isDown: false',
    worlds: ['links that break'],
  },
  {
    name: 'never dials again a peer whose link was lost',
    rule: 'M5',
    file: 'src/core/redials.ts',
    find: 'const failures = (this.#peers.get(peer)?.failures ?? 0) + 1;',
    replace: 'const failures = Infinity;',
    worlds: ['links that break'],
  },
  {
    name: 'comes back after an outage together with everybody else',
    rule: 'M5',
    file: 'src/core/backoff.ts',
    find: 'return random() * Math.min(capMs, rangeMs);',
    replace: 'return Math.min(capMs, rangeMs);',
    worlds: ['a crowd'],
  },
  {
    name: 'gives a leaf one parent',
    rule: 'C3',
    file: 'src/core/crowd/parents.ts',
    find: 'for (const order of [0, 1] as const)',
    replace: 'for (const order of [0] as const)',
    worlds: ['a crowd'],
  },
  {
    name: 'links to the first of its parents only',
    rule: 'C4',
    file: 'src/core/crowd/crowd-role.ts',
    find: 'this.#parents = frame.parents.map((parent) => parent.peer);',
    replace: 'this.#parents = frame.parents.slice(0, 1).map((parent) => parent.peer);',
    worlds: ['passing on alone'],
  },
  {
    name: 'believes places that a peer tells without a receipt',
    rule: 'C6',
    file: 'src/core/arrivals.ts',
    find: 'const sorted = this.#parts.intake.sort(frame, link, from, places);',
    replace: `const sorted = this.#parts.intake.sort(frame, link, from, places);
    if (from !== null && receipt === null && frame.places !== undefined) {
      const { epoch, head, offsets } = frame.places;
      const said = frame.records.map((wire, index) => {
        const placing = { offset: offsets[index] ?? 1, tag: wire[5].slice(0, 16), placedAtMs: null };
        return [idOf(fromWire(frame.room, wire)), placing] as const;
      });
      this.#parts.server.placed(epoch, said, head, false, nowMs);
    }`,
    worlds: ['links that lie'],
  },
  {
    name: 'believes a receipt without checking its signature',
    rule: 'C6',
    file: 'src/core/arrivals.ts',
    find: 'checked.places !== undefined && !isReceiptGood;',
    replace: 'checked.places === undefined && !isReceiptGood;',
    worlds: ['links that lie'],
  },
  {
    name: 'passes on receipts but not their records',
    rule: 'C7',
    file: 'src/core/crowd/crowd-role.ts',
    find: 'if (taken.length === 0) {',
    replace: 'if (taken.length >= 0) {',
    worlds: ['passing on alone'],
  },
  {
    name: 'never suspects a supernode',
    rule: 'C8',
    file: 'src/core/crowd/crowd.ts',
    find: 'for (const member of this.#supernodes) member.expectedSinceMs ??= nowMs;',
    replace: 'for (const member of this.#supernodes) if (nowMs < 0) member.expectedSinceMs ??= nowMs;',
    worlds: ['a crowd whose phones sleep'],
  },
  {
    name: 'lets a parent be that passes nothing on',
    rule: 'C11',
    file: 'src/core/crowd/parent-watch.ts',
    find: 'this.#silent.add(parent);',
    replace: '',
    worlds: ['a supernode that passes nothing on'],
  },
  {
    name: 'takes a parent that is late once for one that passes nothing on',
    rule: 'C11',
    file: 'src/core/crowd/parent-watch.ts',
    find: 'if (debt.owed < CROWD.silentRecords || nowMs - debt.sinceMs < CROWD.silentMs) return false;',
    replace: '',
    worlds: ['a crowd'],
  },
  {
    name: 'compares the counts of two sets only',
    rule: 'Y2',
    file: 'src/core/reconcile.ts',
    find: 'return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];',
    replace: 'return a[0] === b[0];',
    worlds: ['links that lose a third'],
  },
  {
    name: 'skips the last of several ranges',
    rule: 'Y3',
    file: 'src/core/reconcile.ts',
    find: '} else if (isSame(fingerprint(set.all, from, to, salt), content)) skip',
    replace:
      '} else if ((range.upTo === null && ranges.length > 1) || isSame(fingerprint(set.all, from, to, salt), content)) skip',
    worlds: ['links that lose a third'],
  },
  {
    name: 'finds a difference where there is none',
    rule: 'Y5',
    file: 'src/core/reconcile.ts',
    find: 'fingerprint(set.all, from, set.all.length, salt)',
    replace: 'fingerprint(set.all, from, set.all.length, salt + 1)',
    worlds: ['two nodes'],
  },
  {
    name: 'puts more records into a frame than it may hold',
    rule: 'L2',
    file: 'src/core/record-frames.ts',
    find: 'group.length >= LIMITS.recordsPerFrameMax ||',
    replace: '',
    worlds: ['a liar and a server that is emptied'],
  },
  {
    name: 'drops own records that the server has not placed',
    rule: 'L3',
    file: 'src/core/replica.ts',
    find: 'if (this.outbox.has(id) || this.moderation.pinned',
    replace: "if (id === '' || this.moderation.pinned",
    worlds: ['small memories'],
  },
  {
    name: 'erases what is here and takes it in again from the next who has it',
    rule: 'O3',
    file: 'src/core/moderation.ts',
    find: 'if (time < this.clearedBefore || this.isRemoved(idOf(record))) return true;',
    replace: 'if (time < this.clearedBefore) return true;',
    worlds: ['an organiser'],
  },
  {
    name: 'takes what it has erased for seen for ever',
    rule: 'O4',
    file: 'src/core/message-log.ts',
    find: 'return !this.#erased.has(id) && this.#seen.has(',
    replace: 'return this.#seen.has(',
    worlds: ['an organiser'],
  },
  {
    name: 'takes what a muted author wrote for seen, whatever word was still on its way',
    rule: 'O5',
    file: 'src/core/replica.ts',
    find: 'this.#heldBack.set(id, { ...kept, offset: null, epoch: null });',
    replace: 'this.log.add(kept); this.log.discard(id);',
    worlds: ['an organiser'],
  },
  {
    name: 'lets the last word that comes hold, instead of the latest',
    rule: 'O5',
    file: 'src/core/moderation.ts',
    find: '.sort(compareKeys));',
    replace: ');',
    worlds: ['an organiser'],
  },
  {
    name: 'counts a reaction that was erased',
    rule: 'O4',
    file: 'src/core/message-views.ts',
    find: 'this.#amendAnew(record.body.target, aboutTarget);\n    this.changed(record.body.target);\n  }\n\n  /** The',
    replace: 'this.changed(record.body.target);\n  }\n\n  /** The',
    worlds: ['an organiser'],
  },
];

// What Redis does in one piece. A record is an entry of its room's stream, whose number is the record's offset; `ids`
// leads from a record's id to its offset, and from what was taken back to its retraction's. Those that write records check
// the epoch first.

import type { RecordId } from '../../src/protocol/ids.js';
import { PHOTO_IN_WIRE } from './store.js';

/** Names of what is kept in Redis. */
export const KEYS = {
  epoch: 'fc:epoch',
  schema: 'fc:schema',
  rooms: 'fc:rooms',
  marks: (room: string) => `fc:marks:${room}`,
  log: (room: string) => `fc:log:${room}`,
  ids: (room: string) => `fc:ids:${room}`,
  claims: 'fc:claims',
  flags: 'fc:flags',
  audit: 'fc:audit',
  serverKey: 'fc:server-key',
  shelf: (collection: string) => `fc:shelf:${collection}`,
  photo: (photo: string) => `fc:photo:${photo}`,
  photoAges: 'fc:photo-ages',
  photoSum: 'fc:photo-bytes',
  rate: (name: string) => `fc:rate:${name}`,
  nodes: 'fc:nodes',
  node: (node: string) => `fc:node:${node}`,
  members: (room: string, node: string) => `fc:members:${node}:${room}`,
} as const;

export interface Channels {
  readonly nodes: string;
  readonly flags: string;
  readonly room: (room: string) => string;
}

/** Redis has its keys by database, and its channels once for all of them. */
export function channelsOf(database: number): Channels {
  const prefix = `fc:${String(database)}`;
  return { nodes: `${prefix}:nodes`, flags: `${prefix}:flags`, room: (room) => `${prefix}:in:${room}` };
}

/** Where `ids` has the offset of what takes this message back; no id has a space. */
export function retractionField(target: RecordId): string {
  return `retracts ${target}`;
}

/** Of an entry that is dropped; the retraction may have been said again since. */
const FORGET = `
  local function forget(ids, entry)
    redis.call('HDEL', ids, entry[2][2])
    local field = entry[2][8]
    if field and (redis.call('HGET', ids, field) or '') .. '-0' == entry[1] then redis.call('HDEL', ids, field) end
  end
`;

/** KEYS epoch; ARGV epoch known to be over (or empty), epoch to begin. Returns the epoch that holds now. */
const EPOCH = `
  local now = redis.call('GET', KEYS[1])
  if now and now ~= ARGV[1] then return now end
  redis.call('SET', KEYS[1], ARGV[2])
  return ARGV[2]
`;

/**
 * KEYS epoch rooms marks log ids; ARGV epoch room nowMs knownHead (id wire retractionField or '')…. Returns [offset, wire or
 * '', storedAtMs] of each. Nothing is placed again below a head that was given before.
 */
const APPEND = `
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return redis.error_reply('EPOCH is another one') end
  local before = tonumber(redis.call('HGET', KEYS[3], 'head') or '0')
  if before < tonumber(ARGV[4]) then return redis.error_reply('LOST records up to ' .. ARGV[4]) end
  local head = before
  local answer = {}
  for at = 5, #ARGV, 3 do
    local known = redis.call('HGET', KEYS[5], ARGV[at])
    if known then
      local entry = redis.call('XRANGE', KEYS[4], known .. '-0', known .. '-0')[1]
      answer[#answer + 1] = { tonumber(known), entry[2][4], tonumber(entry[2][6]) }
    else
      head = head + 1
      local entry = { 'id', ARGV[at], 'wire', ARGV[at + 1], 'at', ARGV[3] }
      local field = ARGV[at + 2]
      if field ~= '' then
        entry[7], entry[8] = 'retracts', field
        redis.call('HSET', KEYS[5], field, head)
      end
      redis.call('XADD', KEYS[4], head .. '-0', unpack(entry))
      redis.call('HSET', KEYS[5], ARGV[at], head)
      answer[#answer + 1] = { head, '', tonumber(ARGV[3]) }
    end
  end
  if head > before then
    redis.call('HSET', KEYS[3], 'head', head)
    redis.call('SADD', KEYS[2], ARGV[2])
  end
  return answer
`;

/** KEYS log ids; ARGV id…. Returns [offset, wire, storedAtMs] of those that are there. */
const BY_IDS = `
  local answer = {}
  for at = 1, #ARGV do
    local known = redis.call('HGET', KEYS[2], ARGV[at])
    if known then
      local entry = redis.call('XRANGE', KEYS[1], known .. '-0', known .. '-0')[1]
      answer[#answer + 1] = { tonumber(known), entry[2][4], tonumber(entry[2][6]) }
    end
  end
  return answer
`;

/**
 * KEYS epoch marks log ids; ARGV epoch olderThanMs recordsMax batch. Returns how many were dropped, at most a batch, and
 * the ids of those with a photo.
 */
const PRUNE = `
  ${FORGET}
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return { 0 } end
  local length = redis.call('XLEN', KEYS[3])
  local dropped, floor, photos = 0, 0, {}
  for _, entry in ipairs(redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', ARGV[4])) do
    if length - dropped <= tonumber(ARGV[3]) and tonumber(entry[2][6]) >= tonumber(ARGV[2]) then break end
    forget(KEYS[4], entry)
    if string.find(entry[2][4], '${PHOTO_IN_WIRE}', 1, true) then photos[#photos + 1] = entry[2][2] end
    floor = string.match(entry[1], '^%d+')
    dropped = dropped + 1
  end
  if dropped > 0 then
    redis.call('HSET', KEYS[2], 'floor', floor)
    redis.call('XTRIM', KEYS[3], 'MINID', '=', (tonumber(floor) + 1) .. '-0')
  end
  return { dropped, unpack(photos) }
`;

/** KEYS epoch log ids; ARGV epoch offset…. */
const DROP = `
  ${FORGET}
  if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
  for at = 2, #ARGV do
    local number = ARGV[at] .. '-0'
    local entry = redis.call('XRANGE', KEYS[2], number, number)[1]
    if entry then
      forget(KEYS[3], entry)
      redis.call('XDEL', KEYS[2], number)
    end
  end
  return 1
`;

/**
 * A member of a node: KEYS claims members; ARGV peer name claim (or empty) keepMs channel node. The highest claim to a
 * peer is the node it joined last. Returns the claim.
 */
const CLAIM = `
  local claim = ARGV[3]
  if claim == '' then claim = redis.call('INCR', KEYS[1])
  elseif tonumber(redis.call('GET', KEYS[1]) or '0') < tonumber(claim) then redis.call('SET', KEYS[1], claim) end
  redis.call('HSET', KEYS[2], ARGV[1], claim .. ' ' .. ARGV[2])
  redis.call('PEXPIRE', KEYS[2], ARGV[4])
  local notice = { type = 'joined', node = ARGV[6], peer = ARGV[1], name = ARGV[2], claim = tonumber(claim) }
  redis.call('PUBLISH', ARGV[5], cjson.encode(notice))
  return tonumber(claim)
`;

/** KEYS shelf; ARGV name text-before (or empty) text. Returns 0 when another text is there by now. */
const REPLACE = `
  if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
  return 1
`;

/** KEYS photo ages sum; ARGV at bytes nowMs bytesMax photo. Returns the bytes here then, or -1 when there is no room. */
const PHOTO_APPEND = `
  local size = redis.call('STRLEN', KEYS[1])
  if size ~= tonumber(ARGV[1]) then return size end
  if tonumber(redis.call('GET', KEYS[3]) or '0') + #ARGV[2] > tonumber(ARGV[4]) then return -1 end
  redis.call('INCRBY', KEYS[3], #ARGV[2])
  redis.call('ZADD', KEYS[2], ARGV[3], ARGV[5])
  return redis.call('APPEND', KEYS[1], ARGV[2])
`;

/** KEYS photo ages sum; ARGV photo. */
const PHOTO_DROP = `
  redis.call('DECRBY', KEYS[3], redis.call('STRLEN', KEYS[1]))
  redis.call('DEL', KEYS[1])
  return redis.call('ZREM', KEYS[2], ARGV[1])
`;

export const SCRIPTS = {
  fcEpoch: { lua: EPOCH, numberOfKeys: 1 },
  fcAppend: { lua: APPEND, numberOfKeys: 5 },
  fcByIds: { lua: BY_IDS, numberOfKeys: 2 },
  fcPrune: { lua: PRUNE, numberOfKeys: 4 },
  fcDrop: { lua: DROP, numberOfKeys: 3 },
  fcClaim: { lua: CLAIM, numberOfKeys: 2 },
  fcReplace: { lua: REPLACE, numberOfKeys: 1 },
  fcPhotoAppend: { lua: PHOTO_APPEND, numberOfKeys: 3 },
  fcPhotoDrop: { lua: PHOTO_DROP, numberOfKeys: 3 },
};

type Text = string | number;

export interface Scripts {
  fcEpoch(key: string, over: string, next: string): Promise<string>;
  fcAppend(epoch: string, rooms: string, marks: string, log: string, ids: string, ...rest: Text[]): Promise<Row[]>;
  fcByIds(log: string, ids: string, ...wanted: string[]): Promise<Row[]>;
  fcPrune(
    epoch: string,
    marks: string,
    log: string,
    ids: string,
    ...rest: Text[]
  ): Promise<[dropped: number, ...photos: RecordId[]]>;
  fcDrop(epoch: string, log: string, ids: string, ...rest: Text[]): Promise<number>;
  fcClaim(claims: string, members: string, ...rest: Text[]): Promise<number>;
  fcReplace(shelf: string, name: string, before: string, text: string): Promise<number>;
  fcPhotoAppend(photo: string, ages: string, sum: string, ...rest: (Text | Buffer)[]): Promise<number>;
  fcPhotoDrop(photo: string, ages: string, sum: string, key: string): Promise<number>;
}

export type Row = [offset: number, wire: string, storedAtMs: number];

// What of other people's libraries no page of ours can reach is left out of what browsers get. Each plugin fails the build
// when the library is no longer as it was.

import type { Plugin } from 'rollup';

/**
 * Our frames are JSON over WebSocket or polling. The socket's client also brings WebTransport and binary packets,
 * 2 KB that no page of ours can use, a parser of addresses for browsers without `URL` and
 * a back-off that is not used: these files of it are replaced. Goes when they can be left out by importing.
 */
const UNUSED_IN_SOCKET: Readonly<Record<string, string>> = {
  // The address is always whole: the browser's own parser will do.
  'engine.io-client/build/esm/contrib/parseuri.js':
    "export const parse = (source) => { const { protocol, hostname, port, pathname } = new URL(source); return { source, protocol: protocol.slice(0, -1), host: hostname.replace(/[[\\]]/g, ''), port, path: pathname, query: '' }; };",
  'socket.io-client/build/esm/url.js':
    "export const url = (uri, path = '') => ({ source: uri, id: uri + path, path: '/' });",
  // Every browser that reads ES2022 asks other origins.
  'engine.io-client/build/esm/contrib/has-cors.js': 'export const hasCORS = true;',
  // When to come back is decided by rule J8.
  'socket.io-client/build/esm/contrib/backo2.js': 'export class Backoff { reset() {} }',
  // Which transports there are says whoever opens a socket.
  'engine.io-client/build/esm/transports/index.js': 'export const transports = {};',
  'engine.io-client/build/esm/transports/webtransport.js': 'export class WT {}',
  'engine.io-parser/build/esm/contrib/base64-arraybuffer.js': 'export const decode = () => new ArrayBuffer(0);',
  'socket.io-parser/build/esm/binary.js':
    'export const deconstructPacket = (packet) => ({ packet, buffers: [] }), reconstructPacket = (packet) => packet;',
  'socket.io-parser/build/esm/is-binary.js': 'export const isBinary = () => false, hasBinary = () => false;',
};

/**
 * Methods of the socket's client and of the data channel's that nothing of ours reaches, and no minifier can leave out of
 * a class. Of the socket's: acknowledgements and listeners to any event; its own coming back (rule J8 decides); and the
 * change from polling to WebSocket on an open socket, which does not happen where WebSocket is tried first. Those that a
 * packet of the server's may reach stay.
 */
const UNREACHED: Readonly<Record<string, readonly string[]>> = {
  'engine.io-client/build/esm/socket.js': ['_probe', 'send'],
  'engine.io-client/build/esm/transports/polling.js': ['pause'],
  'socket.io-client/build/esm/manager.js': [
    ...['reconnect', 'onreconnect', 'maybeReconnectOnOpen'],
    ...['reconnection', 'reconnectionAttempts', 'reconnectionDelay', 'reconnectionDelayMax', 'randomizationFactor'],
  ],
  'socket.io-parser/build/esm/index.js': ['encodeAsBinary', 'takeBinaryData'],
  'simple-peer/index.js': [
    // Pictures and sound, and a stream's other end: a link is a data channel, and is written to directly.
    ...['addStream', 'addTrack', 'replaceTrack', 'removeTrack', 'removeStream', 'address', '_read', '_write'],
    '_debug',
  ],
  'socket.io-client/build/esm/socket.js': [
    ...['send', 'emitWithAck', '_registerAckCallback', '_addToQueue', '_drainQueue', 'compress', 'volatile', 'timeout'],
    ...['onAny', 'prependAny', 'offAny', 'listenersAny'],
    'notifyOutgoingListeners',
    ...['onAnyOutgoing', 'prependAnyOutgoing', 'offAnyOutgoing', 'listenersAnyOutgoing'],
  ],
};

/**
 * simple-peer stands on Node's streams, buffers and events, whose replacements for browsers are three quarters of its
 * prebuilt file. A data channel needs an emitter, which the socket brings: the library's source is bundled with these in
 * their place. Goes when simple-peer can do without a stream.
 */
const IN_PLACE_OF_NODE: Readonly<Record<string, string>> = {
  // A stream hands on at once what is pushed to it while somebody listens, and has nothing to end. The emitter would mix
  // itself into an argument.
  'readable-stream':
    "{ Duplex: class extends Emitter { constructor() { super(); } _readableState = { ended: true }; _writableState = { finished: true }; push(chunk) { this.emit('data', chunk); } } }",
  buffer: '{ Buffer: { from: (bytes) => new Uint8Array(bytes) } }',
  randombytes:
    "(size) => ({ toString: () => Array.from(crypto.getRandomValues(new Uint8Array(size)), (byte) => byte.toString(16).padStart(2, '0')).join('') })",
  'queue-microtask': '(act) => globalThis.queueMicrotask(act)',
  'get-browser-rtc': '() => globalThis',
  // Codes of errors are read by nobody.
  'err-code': '(error) => error',
  debug: '() => () => undefined',
};

/**
 * Options and cases that we never give or meet, told to the minifier as what they then are. Of the socket's client:
 * transports by name, cookies, a socket that changes its transport while open, React Native, its own coming back,
 * acknowledgements of what we send, and packets of bytes. Of valibot: the words of an issue, of which only kind and
 * place are read, and a standard interface that nobody asks for. Of Lit: what it would say to whoever writes styles.
 * Of idb: cursors, indexes, and listeners that are not given with the opening of a database.
 */
const SETTLED: Readonly<Record<string, readonly (readonly [text: string, instead: string])[]>> = {
  'engine.io-client/build/esm/socket.js': [
    ['uri && "object" === typeof uri', 'false'],
    ['opts.transportImplementations', 'null'],
    ['this.opts.closeOnBeforeunload', 'false'],
    ['if (this._beforeunloadEventListener)', 'if (false)'],
    ['this.opts.withCredentials', 'false'],
    ['this.opts.rememberUpgrade', 'false'],
    ['this.opts.autoUnref', 'false'],
    ['&& this.opts.upgrade', '&& false'],
    ['this.upgrading', 'false'],
    ['typeof this.opts.query === "string"', 'false'],
  ],
  'engine.io-client/build/esm/transports/websocket.js': [
    ['isReactNative\n            ? {}\n            :', 'false &&'],
    ['!isReactNative', 'true'],
    ['this.opts.extraHeaders', 'false'],
    ['this.opts.autoUnref', 'false'],
    ['this.opts.timestampRequests', 'false'],
  ],
  'socket.io-client/build/esm/manager.js': [
    ['uri && "object" === typeof uri', 'false'],
    ['this.reconnection(opts.reconnection !== false);', ''],
    ['this.reconnectionAttempts(opts.reconnectionAttempts || Infinity);', ''],
    ['this.reconnectionDelay(opts.reconnectionDelay || 1000);', ''],
    ['this.reconnectionDelayMax(opts.reconnectionDelayMax || 5000);', ''],
    ['this.randomizationFactor((_a = opts.randomizationFactor) !== null && _a !== void 0 ? _a : 0.5);', ''],
    ['min: this.reconnectionDelay(),', ''],
    ['max: this.reconnectionDelayMax(),', ''],
    ['jitter: this.randomizationFactor(),', ''],
    ['this.maybeReconnectOnOpen();', ''],
    ['this._reconnection && !this.skipReconnect', 'false'],
    ['this.opts.autoUnref', 'false'],
    ['opts.parser || parser', 'parser'],
  ],
  'socket.io-client/build/esm/socket.js': [
    ['this._opts.retries && !this.flags.fromQueue && !this.flags.volatile', 'false'],
    ['"function" === typeof args[args.length - 1]', 'false'],
    ['this.flags.volatile && !isTransportWritable', 'false'],
    ['this.notifyOutgoingListeners(packet);', ''],
    ['this._anyListeners && this._anyListeners.length', 'false'],
    ['this._drainQueue(true);', ''],
    ['opts && opts.auth', 'false'],
    ['typeof this.auth == "function"', 'false'],
    // Of several lines, about a server of ten years ago.
    [
      'It seems you are trying to reach a Socket.IO server in v2.x with a v3.x client, but they are not compatible (more information here: https://socket.io/docs/v3/migrating-from-2-x-to-3-0/)',
      'an old server',
    ],
  ],
  'socket.io-parser/build/esm/index.js': [
    ['isBinary(obj) || obj.base64', 'false'],
    ['got plaintext data when reconstructing a packet', 'bytes expected'],
  ],
  'valibot/dist/index.mjs': [
    ['other?.received ?? /* @__PURE__ */ _stringify(input)', 'null'],
    ['`Invalid ${label}: ${expected ? `Expected ${expected} but r` : "R"}eceived ${received}`', '""'],
    [
      'other?.message ?? context.message ?? /* @__PURE__ */ getSpecificMessage(context.reference, issue.lang) ?? (isSchema ? /* @__PURE__ */ getSchemaMessage(issue.lang) : null) ?? config$1.message ?? /* @__PURE__ */ getGlobalMessage(issue.lang)',
      'void 0',
    ],
    ['return _standardSchema({', 'return ({'],
  ],
  'idb/build/index.js': [
    ['getCursorAdvanceMethods().includes(func)', 'false'],
    ['if (upgrade)', 'if (true)'],
    [', event.oldVersion, event.newVersion, wrap(request.transaction), event)', ')'],
    ['if (blocked)', 'if (false)'],
    ['if (terminated)', 'if (false)'],
    ['if (blocking)', 'if (false)'],
    ["prop.replace(/FromIndex$/, '')", 'prop'],
    ['prop !== targetFuncName', 'false'],
  ],
  '@lit/reactive-element/css-tag.js': [
    ['CSSResult is not constructable. Use `unsafeCSS` or `css` instead.', ''],
    ["Value passed to 'css' function must be a 'css' function result: ", 'no css: '],
    [". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.", ''],
  ],
};

/** Parts of files from one text up to another: what idb does for cursors, which nothing here opens. */
const CUT: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'idb/build/index.js': ['const advanceMethodProps', 'export {'],
};

/** What a table says of the file with this id, and the file as the table names it; null when it says nothing. */
function entryFor<Entry>(table: Readonly<Record<string, Entry>>, id: string): readonly [file: string, Entry] | null {
  return Object.entries(table).find(([name]) => id.endsWith(`/node_modules/${name}`)) ?? null;
}

export function textOnlySocket(): Plugin {
  const unmet = new Set(Object.keys(UNUSED_IN_SOCKET));
  return {
    name: 'text-only-socket',
    load(id) {
      const [file, instead] = entryFor(UNUSED_IN_SOCKET, id) ?? [];
      if (file === undefined) return null;
      unmet.delete(file);
      return instead;
    },
    buildEnd(error) {
      if (error === undefined && unmet.size > 0) throw new Error(`socket.io no longer has ${[...unmet].join(', ')}`);
    },
  };
}

export function withoutUnreached(): Plugin {
  return {
    name: 'without-unreached',
    transform(code, id) {
      const [file, names] = entryFor(UNREACHED, id) ?? [];
      if (file === undefined) return null;
      const unmet = new Set(names);
      const methods = this.parse(code).body.flatMap((node) => {
        const declared = node.type === 'ExportNamedDeclaration' ? node.declaration : node;
        return declared?.type === 'ClassDeclaration' ? declared.body.body : [];
      });
      let rest = code;
      for (const node of methods.reverse()) {
        const isUnreached =
          node.type === 'MethodDefinition' && node.key.type === 'Identifier' && unmet.delete(node.key.name);
        if (isUnreached) rest = rest.slice(0, node.start) + rest.slice(node.end);
      }
      if (unmet.size > 0) this.error(`${file} no longer has ${[...unmet].join(', ')}`);
      return { code: rest, map: null };
    },
  };
}

export function settled(): Plugin {
  return {
    name: 'settled',
    transform(code, id) {
      const [file, cases = []] = entryFor(SETTLED, id) ?? [];
      if (file === undefined) return null;
      let lean = code;
      for (const [text, instead] of cases) {
        if (!lean.includes(text)) this.error(`${file} no longer has ${text}`);
        lean = lean.replaceAll(text, instead);
      }
      return { code: lean, map: null };
    },
  };
}

export function withoutCut(): Plugin {
  return {
    name: 'without-cut',
    transform(code, id) {
      const [file, part] = entryFor(CUT, id) ?? [];
      if (file === undefined || part === undefined) return null;
      const [from, to] = part;
      const [start, end] = [code.indexOf(from), code.indexOf(to)];
      if (start < 0 || end < start) this.error(`${file} no longer has what is cut`);
      return { code: code.slice(0, start) + code.slice(end), map: null };
    },
  };
}

/** The source of simple-peer for its prebuilt file, which tests and other bundlers take. */
export function leanPeer(): Plugin {
  return {
    name: 'lean-peer',
    async resolveId(source, importer) {
      return source === 'simple-peer/simplepeer.min.js' ? this.resolve('simple-peer', importer) : null;
    },
    transform(code, id) {
      if (!id.endsWith('/node_modules/simple-peer/index.js')) return null;
      const unmet = new Set(Object.keys(IN_PLACE_OF_NODE));
      const lean = code
        .replace(/require\('([\w-]+)'\)/g, (whole, name: string) =>
          unmet.delete(name) ? `(${IN_PLACE_OF_NODE[name]})` : whole,
        )
        .replace('module.exports =', 'export default');
      if (unmet.size > 0 || lean.includes('require(')) this.error('simple-peer asks for something else');
      return { code: `import { Emitter } from '@socket.io/component-emitter';\n${lean}`, map: null };
    },
  };
}

// A crowd that chats by a script: the same words in the same order each time, as fast as its size says.

import type { ChatMessage } from '../src/core/chat-view.js';
import { ScriptedChat, author, member, message } from './scripted-chat.js';

const NAMES = ['Noor', 'Tomás', 'Ines', 'Jonas', 'Aïcha', 'Mei', 'Luca', 'Salma', 'Piotr', 'Freya'];
const LINES = [
  'The queue at the second tap is short now',
  'Which stage has the brass band?',
  'Tidal Tent, in ten minutes',
  '🔥🔥🔥',
  'Lost: one green raincoat, near the lighthouse',
  'I found it! At the info point',
  'Who else is at the front?',
  'Bring water, it is hot here',
  'https://festival.example/map has the new times',
  'That bass!!',
  'Meet at the flag after this song?',
  'On my way',
];
/** Own pace of one visitor: one message in this many milliseconds. */
const PACE_MS = 20_000;
/** Faster than this nobody reads, and the story is about what is shown. */
const INTERVAL_MIN_MS = 40;
const SHOWN_AT_FIRST = 30;
/** As a client keeps them. */
const KEPT_MAX = 2_000;

export class CrowdChat extends ScriptedChat {
  readonly #size: number;
  #said = 0;
  #timer: ReturnType<typeof setInterval> | null = null;

  constructor(size: number) {
    super({
      members: Array.from({ length: Math.min(size, 150) }, (_, index) => member(index === 0 ? 'Ada' : nameOf(index))),
      status: { members: size, peers: size <= 5 ? size - 1 : 0, mesh: size <= 5 ? 'connected' : 'idle' },
    });
    this.#size = size;
    this.messages = Array.from({ length: SHOWN_AT_FIRST }, () => this.#next());
  }

  /** Talks until it is stopped. */
  start(): void {
    this.#timer ??= setInterval(
      () => {
        this.receive(this.#next());
        this.messages = this.messages.slice(-KEPT_MAX);
      },
      Math.max(INTERVAL_MIN_MS, PACE_MS / this.#size),
    );
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
  }

  #next(): ChatMessage {
    const index = this.#said;
    this.#said += 1;
    const name = nameOf(1 + ((index * 7) % Math.max(1, this.#size - 1)));
    return message(LINES[index % LINES.length] ?? '', { author: author(name) });
  }
}

function nameOf(index: number): string {
  const round = Math.floor(index / NAMES.length);
  return `${NAMES[index % NAMES.length] ?? ''}${round === 0 ? '' : ` ${round + 1}`}`;
}

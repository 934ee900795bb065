// Members of our server: joined with a proof, signing what they say.

import { Crowd } from '../../support/crowd.js';
import type { CrowdMember } from '../../support/crowd.js';
import { TestServer } from '../../support/start-server.js';
import { ROOM, SPEAKERS, addressOf } from './talking-crowd.js';
import type { CrowdOptions, TalkingCrowd } from './talking-crowd.js';

export class OurCrowd implements TalkingCrowd {
  readonly #server: TestServer;
  readonly #roomSize: number;
  readonly #crowds: Crowd[] = [];
  #count = 0;

  private constructor(server: TestServer, roomSize: number) {
    this.#server = server;
    this.#roomSize = roomSize;
  }

  static async start(sockets: number, { roomSize = ROOM, environment }: CrowdOptions = {}): Promise<OurCrowd> {
    const settings = { FESTIVAL_CHAT_TRUSTED_PROXIES: '1', FESTIVAL_CHAT_CONNECTIONS_MAX: String(sockets + 100) };
    return new OurCrowd(await TestServer.start({ ...settings, ...environment }), roomSize);
  }

  get pid(): number {
    return this.#server.pid;
  }

  get url(): string {
    return this.#server.url;
  }

  get members(): readonly CrowdMember[] {
    return this.#crowds.flatMap((crowd) => crowd.members);
  }

  get deliveries(): number {
    return this.#crowds.reduce((sum, crowd) => sum + crowd.received, 0);
  }

  async assemble(sockets: number): Promise<void> {
    const first = this.#count;
    this.#count += sockets;
    const crowd = new Crowd(this.#server.url, {
      members: sockets,
      roomOf: (member) => `room-${Math.floor((first + member) / this.#roomSize)}`,
      addressOf: (member) => addressOf(first + member),
    });
    this.#crowds.push(crowd);
    await crowd.assemble();
  }

  talk(turn: number): void {
    const { members } = this;
    for (let speaker = turn % SPEAKERS; speaker < members.length; speaker += this.#roomSize)
      members[speaker]?.say('x'.repeat(100));
  }

  async end(): Promise<void> {
    for (const crowd of this.#crowds) crowd.close();
    await this.#server.end();
  }
}

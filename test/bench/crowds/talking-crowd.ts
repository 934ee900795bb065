// Many scripted clients of one server, some of whom talk.

/** Members of a room, where a scenario does not say otherwise. */
export const ROOM = 50;

/** Our server lets one author say twenty things in ten seconds. */
export const SPEAKERS = 4;

export interface CrowdOptions {
  /** Members of a room. */
  readonly roomSize?: number;
  /** Of the server. */
  readonly environment?: Readonly<Record<string, string>>;
}

export interface TalkingCrowd {
  /** The server's. */
  readonly pid: number;
  /** Messages that members have received since the start. */
  readonly deliveries: number;
  /** So many more join. */
  assemble(sockets: number): Promise<void>;
  /** One member of each room says something: of the first `SPEAKERS` the one whose turn it is. */
  talk(turn: number): void;
  end(): Promise<void>;
}

/** As if each hundred clients came from an address of their own: limits by address are wide, but not for 10,000 a minute. */
export function addressOf(member: number): string {
  return `10.${Math.floor(member / 25_600)}.${Math.floor(member / 100) % 256}.1`;
}

// What `GET /admin/moderation` and `GET /admin/reports` answer.

interface Sanction {
  readonly author: string;
  readonly name?: string;
  readonly room?: string;
  /** When it ends; null: never. */
  readonly untilMs: number | null;
  readonly reason?: string;
}

export interface ModerationView {
  readonly bans: readonly Sanction[];
  readonly mutes: readonly Sanction[];
  readonly slowMode: readonly { readonly room: string; readonly seconds: number }[];
  readonly pins: readonly { readonly room: string; readonly messageId: string }[];
}

export interface ReportsView {
  readonly reports: readonly {
    readonly room: string;
    readonly messageId: string;
    readonly reason: string;
    readonly count: number;
    readonly atMs: number;
  }[];
}

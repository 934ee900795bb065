// What holds until more is known.

import type { ChatTyping, ModerationView } from './chat-view.js';

export const NOBODY: ChatTyping = { members: [], count: 0 };

export const UNMODERATED: ModerationView = { slowSeconds: 0, slowWaitMs: 0, pinned: [], restriction: null };

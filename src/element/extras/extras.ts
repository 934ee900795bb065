// The chunk that is fetched after the first rendering.

import { ENGLISH_MORE } from '../words/english-more.js';
import { ChatExtras } from './chat-extras.js';
import { FcDevice } from './fc-device.js';
import { FcDiagnosis } from './fc-diagnosis.js';
import { FcEmojiPicker } from './fc-emoji-picker.js';
import { FcFinding } from './fc-finding.js';
import { FcMemberList } from './fc-member-list.js';
import { FcMessageDetails } from './fc-message-details.js';
import { FcMessageMenu } from './fc-message-menu.js';
import { FcNamePrompt } from './fc-name-prompt.js';
import { FcPinned } from './fc-pinned.js';
import { FcReport } from './fc-report.js';
import { FcSheet } from './fc-sheet.js';

export { ChatExtras, ENGLISH_MORE };

export const EXTRA_ELEMENTS = {
  'fc-device': FcDevice,
  'fc-diagnosis': FcDiagnosis,
  'fc-emoji-picker': FcEmojiPicker,
  'fc-finding': FcFinding,
  'fc-member-list': FcMemberList,
  'fc-message-details': FcMessageDetails,
  'fc-message-menu': FcMessageMenu,
  'fc-name-prompt': FcNamePrompt,
  'fc-pinned': FcPinned,
  'fc-report': FcReport,
  'fc-sheet': FcSheet,
} as const;

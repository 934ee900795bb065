// The chunk that is fetched with the first photo.

import { FcPhoto } from './fc-photo.js';
import { FcPhotoDraft } from './fc-photo-draft.js';
import { FcPhotoView } from './fc-photo-view.js';

export const PHOTO_ELEMENTS = {
  'fc-photo': FcPhoto,
  'fc-photo-draft': FcPhotoDraft,
  'fc-photo-view': FcPhotoView,
} as const;

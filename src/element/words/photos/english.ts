// The words of photos, in English; `photo-words.ts` fetches the others.

export const PHOTO_ENGLISH = {
  photoBy: 'Photo by {name}',
  openPhoto: 'Open large',
  loadPhoto: 'Tap to load {kb} KB',
  loadingPhoto: 'Loading, {percent} %',
  stopPhoto: 'Stop loading',
  waitingPhoto: 'Nobody who can be reached has this photo now. It will come by itself.',
  sendingPhoto: 'On its way to the server, {percent} %',
  preparingPhoto: 'Making the photo small…',
  caption: 'Caption',
  photoPrivacy: 'Only the picture is sent: the place, the time and the device that the file may name stay here.',
  sendPhoto: 'Send photo',
  tryAgain: 'Try again',
  'problem-not-a-picture': 'This file is no picture that this browser can read.',
  'problem-photo-too-large': 'This picture cannot be made small enough to be sent.',
  'problem-photos-off': 'There are no photos in this chat.',
  'problem-no-space': 'This device has no room for the picture. Free some space and try again.',
  'problem-other': 'That did not work.',
} as const;

export type PhotoPhraseKey = keyof typeof PHOTO_ENGLISH;
export type PhotoPhrases = Readonly<Record<PhotoPhraseKey, string>>;

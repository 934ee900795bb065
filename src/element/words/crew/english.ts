// The words of private rooms, in English; `crew-words.ts` fetches the others.

export const CREW_ENGLISH = {
  privateRoom: 'Private room {tag}',
  onlyInvited: 'Only people with the invite can read this',
  intro:
    'A private room is for the people you give its link to. What is said there is encrypted on their devices: the server and everybody else see only how much is said and when.',
  create: 'Make a private room',
  yourRooms: 'Private rooms on this device',
  enter: 'Open {room}',
  haveLink: 'Got a link?',
  pasteLink: 'The link of a private room',
  join: 'Open',
  inviteTitle: 'Invite',
  inviteHow:
    'Whoever has this link can read and write here. Send it only to people who belong here, or let them read the code.',
  link: 'The invite link',
  copyLink: 'Copy the link',
  copied: 'Copied',
  shareLink: 'Share',
  qr: 'The invite as a QR picture',
  inHere: 'In this room',
  founder: 'made this room',
  remove: 'Remove {name}',
  removeSure: 'Remove {name} for good?',
  removeNote:
    'Who is removed reads nothing that comes after, and the link you have given out stops working. What was said before stays with them.',
  leave: 'Back to {room}',
  'state-removed': 'You were removed from this private room. You can read what was said before.',
  'state-replaced': 'The link to this private room was replaced. Ask somebody who is in it for the new one.',
  'state-unreadable': 'The key in your link does not fit what is said here. Ask somebody who is in it for a new link.',
  'state-no-key': 'This device has no key of this private room. Open the invite link again, or ask for a new one.',
  'problem-bad-invite': 'This invite is not complete, was changed, or is for another chat. Ask for the link again.',
  'problem-no-crypto': 'Private rooms need a page whose address begins with https.',
  'problem-other': 'That did not work. Try it again.',
} as const;

export type CrewPhraseKey = keyof typeof CREW_ENGLISH;
export type CrewPhrases = Readonly<Record<CrewPhraseKey, string>>;

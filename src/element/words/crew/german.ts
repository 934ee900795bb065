import type { CrewPhrases } from './english.js';

export const PHRASES: CrewPhrases = {
  privateRoom: 'Privater Raum {tag}',
  onlyInvited: 'Nur wer eingeladen ist, kann das lesen',
  intro:
    'Ein privater Raum ist für die Leute, denen du seinen Link gibst. Was dort gesagt wird, ist auf ihren Geräten verschlüsselt: Der Server und alle anderen sehen nur, wie viel und wann geschrieben wird.',
  create: 'Privaten Raum anlegen',
  yourRooms: 'Private Räume auf diesem Gerät',
  enter: '{room} öffnen',
  haveLink: 'Hast du einen Link?',
  pasteLink: 'Der Link eines privaten Raums',
  join: 'Öffnen',
  inviteTitle: 'Einladen',
  inviteHow:
    'Wer diesen Link hat, kann hier lesen und schreiben. Schick ihn nur Leuten, die hierher gehören, oder lass sie den Code lesen.',
  link: 'Der Einladungslink',
  copyLink: 'Link kopieren',
  copied: 'Kopiert',
  shareLink: 'Teilen',
  qr: 'Die Einladung als QR-Bild',
  inHere: 'In diesem Raum',
  founder: 'hat diesen Raum angelegt',
  remove: '{name} entfernen',
  removeSure: '{name} endgültig entfernen?',
  removeNote:
    'Wer entfernt ist, liest nichts mehr von dem, was danach kommt, und der verteilte Link gilt nicht mehr. Was vorher gesagt wurde, behalten sie.',
  leave: 'Zurück zu {room}',
  'state-removed': 'Du wurdest aus diesem privaten Raum entfernt. Was vorher gesagt wurde, kannst du lesen.',
  'state-replaced': 'Der Link zu diesem privaten Raum wurde ersetzt. Frag jemanden darin nach dem neuen.',
  'state-unreadable':
    'Der Schlüssel in deinem Link passt nicht zu dem, was hier gesagt wird. Frag jemanden darin nach einem neuen Link.',
  'state-no-key':
    'Dieses Gerät hat keinen Schlüssel für diesen privaten Raum. Öffne den Einladungslink noch einmal oder frag nach einem neuen.',
  'problem-bad-invite':
    'Diese Einladung ist unvollständig, verändert oder für einen anderen Chat. Lass dir den Link noch einmal geben.',
  'problem-no-crypto': 'Private Räume brauchen eine Seite, deren Adresse mit https beginnt.',
  'problem-other': 'Das hat nicht geklappt. Versuch es noch einmal.',
};

import type { PhotoPhrases } from './english.js';

export const PHRASES: PhotoPhrases = {
  photoBy: 'Foto von {name}',
  openPhoto: 'Groß öffnen',
  loadPhoto: 'Tippen, um {kb} KB zu laden',
  loadingPhoto: 'Lädt, {percent} %',
  stopPhoto: 'Laden anhalten',
  waitingPhoto: 'Wer erreichbar ist, hat dieses Foto gerade nicht. Es kommt von selbst.',
  sendingPhoto: 'Unterwegs zum Server, {percent} %',
  preparingPhoto: 'Das Foto wird verkleinert…',
  caption: 'Bildunterschrift',
  photoPrivacy: 'Nur das Bild wird gesendet: Ort, Zeit und Gerät, die die Datei vielleicht nennt, bleiben hier.',
  sendPhoto: 'Foto senden',
  tryAgain: 'Noch einmal',
  'problem-not-a-picture': 'Diese Datei ist kein Bild, das dieser Browser lesen kann.',
  'problem-photo-too-large': 'Dieses Bild lässt sich nicht klein genug machen.',
  'problem-photos-off': 'In diesem Chat gibt es keine Fotos.',
  'problem-no-space': 'Auf diesem Gerät ist kein Platz für das Bild. Schaffe Platz und versuche es noch einmal.',
  'problem-other': 'Das hat nicht geklappt.',
};

import type { PairingPhrases } from './english.js';

export const PHRASES: PairingPhrases = {
  intro:
    'Zwei Geräte im selben WLAN oder Hotspot können ohne Internet und ohne Server chatten. Jedes zeigt einen Code und liest den des anderen.',
  introCamera:
    'Der Browser fragt nach der Kamera. Sie sucht nur den Code, kein Bild verlässt dieses Gerät. Mit erlaubter Kamera nennen Browser der Seite auch die Adresse des Geräts im WLAN, damit klappt es in mehr Netzen.',
  useCamera: 'Kamera benutzen',
  noCamera: 'Ohne Kamera',
  preparing: 'Code wird erstellt…',
  yourCode: 'Dein Code als QR-Bild',
  showing: 'Lass das andere Gerät diesen Code lesen und richte deine Kamera auf den Code, den es zeigt.',
  exchanging: 'Gib der anderen Person deinen Code und füge ihren hier ein.',
  linking: 'Der andere Code ist gelesen. Jetzt muss das andere Gerät deinen lesen.',
  cameraView: 'Was die Kamera sieht',
  copyCode: 'Deinen Code kopieren',
  copied: 'Kopiert',
  theirCode: 'Code des anderen Geräts',
  useCode: 'Verbinden',
  typeInstead: 'Stattdessen kopieren und einfügen',
  keepOpen: 'Lass diese Seite offen und den Bildschirm an: Handys halten Seiten im Hintergrund an.',
  calledItself: 'Das andere Gerät nennt sich {name}. Zeigen beide diese vier Ziffern?',
  same: 'Ja, dieselben',
  differ: 'Nein',
  awaited: 'Wartet, bis auch {name} zustimmt.',
  paired:
    'Mit {name} verbunden. Ein Schild kennzeichnet, was dieses Gerät geschrieben hat, denn ihr habt euch getroffen.',
  done: 'Fertig',
  'note-renewed': 'Der Code hat sich geändert. Lass das andere Gerät den neuen lesen.',
  'note-no-answer':
    'Das andere Gerät hat nicht geantwortet. Lies den Code, den es jetzt zeigt, und lass es deinen lesen.',
  'note-isolated':
    'Wieder keine Antwort. Vielleicht trennt dieses WLAN die Geräte, wie Gastnetze es tun: Verbindet beide mit dem Hotspot eines Handys. Erlaube dem Browser auf einem iPhone „Lokales Netzwerk“ in den Einstellungen.',
  'note-not-a-code': 'Das ist kein Code dieses Chats.',
  'note-other-version':
    'Das andere Gerät hat eine andere Version dieses Chats. Ladet die Seite auf beiden neu, sobald Netz da ist.',
  'note-damaged': 'Der Code ist unvollständig oder verändert. Kopiere ihn noch einmal ganz.',
  'note-other-room': 'Das andere Gerät ist in einem anderen Raum. Öffnet auf beiden denselben.',
  'note-old-code':
    'Dieser Code ist älter als zwei Minuten, oder die Uhren der Geräte gehen verschieden. Zeigt einen neuen oder stellt die Uhren.',
  'note-own-code': 'Das ist dein eigener Code.',
  'note-used-code': 'Dieser Code wurde schon benutzt. Zeigt auf dem anderen Gerät einen neuen.',
  'failure-no-webrtc': 'Dieser Browser kann keine Geräte verbinden. Nimm einen anderen oder lade die Seite neu.',
  'failure-mesh-off': 'Diese Seite hat Verbindungen zwischen Geräten abgeschaltet.',
  'failure-no-network':
    'Dieses Gerät ist in keinem Netz. Tritt dem WLAN oder Hotspot des anderen bei oder öffne einen. Internet braucht es nicht.',
  'failure-not-theirs': 'Ein anderes Gerät hat geantwortet als das, dessen Code gelesen wurde. Nichts wurde verbunden.',
  'failure-no-link-free':
    'Dieses Gerät hat gerade keinen Platz für eine weitere Verbindung. Versuche es nachher noch einmal.',
  'failure-digits-differ':
    'Die Ziffern waren verschieden: Vielleicht steht jemand zwischen den Geräten. Nichts wurde verbunden.',
  'failure-lost': 'Das andere Gerät hat das Verbinden beendet oder ist außer Reichweite.',
  'camera-refused':
    'Die Kamera ist hier nicht erlaubt. Erlaube sie in den Einstellungen des Browsers für diese Seite, oder kopiert die Codes.',
  'camera-none': 'Dieses Gerät hat keine Kamera. Kopiert die Codes.',
  'camera-busy': 'Ein anderes Programm benutzt die Kamera. Schließe es, oder kopiert die Codes.',
  'camera-insecure': 'Browser öffnen die Kamera nur auf https-Seiten. Kopiert die Codes.',
};

import type { PairingPhrases } from './english.js';

export const PHRASES: PairingPhrases = {
  intro:
    'Deux appareils sur le même Wi-Fi ou partage de connexion peuvent discuter sans internet et sans serveur. Chacun montre un code et lit celui de l’autre.',
  introCamera:
    'Le navigateur va demander la caméra. Elle ne cherche que le code, aucune image ne quitte cet appareil. Avec la caméra autorisée, le navigateur donne aussi à cette page l’adresse de l’appareil sur le Wi-Fi, ce qui marche sur plus de réseaux.',
  useCamera: 'Utiliser la caméra',
  noCamera: 'Sans caméra',
  preparing: 'Création d’un code…',
  yourCode: 'Votre code en image QR',
  showing: 'Laissez l’autre appareil lire ce code et visez le code qu’il montre.',
  exchanging: 'Donnez votre code à l’autre personne et mettez le sien ici.',
  linking: 'L’autre code est lu. L’autre appareil doit maintenant lire le vôtre.',
  cameraView: 'Ce que voit la caméra',
  copyCode: 'Copier votre code',
  copied: 'Copié',
  theirCode: 'Code de l’autre appareil',
  useCode: 'Relier',
  typeInstead: 'Copier et coller plutôt',
  keepOpen: 'Gardez cette page ouverte et l’écran allumé : les téléphones arrêtent les pages en arrière-plan.',
  calledItself: 'L’autre appareil se nomme {name}. Les deux montrent-ils ces quatre chiffres ?',
  same: 'Oui, les mêmes',
  differ: 'Non',
  awaited: 'En attente de l’accord de {name}.',
  paired: 'Relié à {name}. Un bouclier marque ce que cet appareil a écrit, car vous vous êtes rencontrés.',
  done: 'Terminé',
  'note-renewed': 'Le code a changé. Laissez l’autre appareil lire le nouveau.',
  'note-no-answer':
    'L’autre appareil n’a pas répondu. Lisez le code qu’il montre maintenant et laissez-le lire le vôtre.',
  'note-isolated':
    'Toujours pas de réponse. Ce Wi-Fi sépare peut-être les appareils, comme les réseaux d’invités : utilisez le partage de connexion d’un téléphone. Sur un iPhone, autorisez « Réseau local » au navigateur dans Réglages.',
  'note-not-a-code': 'Ce n’est pas un code de ce chat.',
  'note-other-version':
    'L’autre appareil a une autre version de ce chat. Rechargez la page sur les deux quand il y aura du réseau.',
  'note-damaged': 'Le code est incomplet ou modifié. Copiez-le de nouveau en entier.',
  'note-other-room': 'L’autre appareil est dans un autre salon. Ouvrez le même sur les deux.',
  'note-old-code':
    'Ce code a plus de deux minutes, ou les horloges des appareils diffèrent. Montrez-en un nouveau ou réglez les horloges.',
  'note-own-code': 'C’est votre propre code.',
  'note-used-code': 'Ce code a déjà servi. Montrez-en un nouveau sur l’autre appareil.',
  'failure-no-webrtc': 'Ce navigateur ne peut pas relier des appareils. Essayez-en un autre ou rechargez la page.',
  'failure-mesh-off': 'Ce site a désactivé les liens entre appareils.',
  'failure-no-network':
    'Cet appareil n’est sur aucun réseau. Rejoignez le Wi-Fi ou le partage de l’autre, ou ouvrez-en un. Internet n’est pas nécessaire.',
  'failure-not-theirs': 'Un autre appareil a répondu que celui dont le code a été lu. Rien n’a été relié.',
  'failure-no-link-free': 'Cet appareil n’a plus de place pour un autre lien en ce moment. Réessayez plus tard.',
  'failure-digits-differ':
    'Les chiffres étaient différents : quelqu’un se tient peut-être entre les deux appareils. Rien n’a été relié.',
  'failure-lost': 'L’autre appareil a fermé la liaison ou est hors de portée.',
  'camera-refused':
    'La caméra n’est pas autorisée ici. Autorisez-la dans les réglages du navigateur pour ce site, ou copiez et collez les codes.',
  'camera-none': 'Cet appareil n’a pas de caméra. Copiez et collez les codes.',
  'camera-busy': 'Un autre programme utilise la caméra. Fermez-le, ou copiez et collez les codes.',
  'camera-insecure': 'Les navigateurs n’ouvrent la caméra que sur des pages https. Copiez et collez les codes.',
};

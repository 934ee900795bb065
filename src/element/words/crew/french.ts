import type { CrewPhrases } from './english.js';

export const PHRASES: CrewPhrases = {
  privateRoom: 'Salon privé {tag}',
  onlyInvited: 'Seules les personnes invitées peuvent lire ceci',
  intro:
    'Un salon privé est pour les personnes à qui vous donnez son lien. Ce qui s’y dit est chiffré sur leurs appareils : le serveur et les autres voient seulement combien on écrit et quand.',
  create: 'Créer un salon privé',
  yourRooms: 'Salons privés sur cet appareil',
  enter: 'Ouvrir {room}',
  haveLink: 'Vous avez un lien ?',
  pasteLink: 'Le lien d’un salon privé',
  join: 'Ouvrir',
  inviteTitle: 'Inviter',
  inviteHow:
    'Quiconque a ce lien peut lire et écrire ici. Ne l’envoyez qu’aux personnes concernées, ou faites-leur lire le code.',
  link: 'Le lien d’invitation',
  copyLink: 'Copier le lien',
  copied: 'Copié',
  shareLink: 'Partager',
  qr: 'L’invitation sous forme d’image QR',
  inHere: 'Dans ce salon',
  founder: 'a créé ce salon',
  remove: 'Retirer {name}',
  removeSure: 'Retirer {name} pour de bon ?',
  removeNote:
    'La personne retirée ne lira rien de ce qui suit, et le lien distribué ne marche plus. Elle garde ce qui a été dit avant.',
  leave: 'Retour à {room}',
  'state-removed': 'Vous avez été retiré de ce salon privé. Vous pouvez lire ce qui a été dit avant.',
  'state-replaced': 'Le lien de ce salon privé a été remplacé. Demandez le nouveau à quelqu’un qui y est.',
  'state-unreadable':
    'La clé de votre lien ne correspond pas à ce qui se dit ici. Demandez un nouveau lien à quelqu’un qui y est.',
  'state-no-key':
    'Cet appareil n’a pas la clé de ce salon privé. Rouvrez le lien d’invitation, ou demandez-en un nouveau.',
  'problem-bad-invite':
    'Cette invitation est incomplète, modifiée ou pour un autre chat. Demandez le lien encore une fois.',
  'problem-no-crypto': 'Les salons privés demandent une page dont l’adresse commence par https.',
  'problem-other': 'Cela n’a pas marché. Réessayez.',
};

import type { PhotoPhrases } from './english.js';

export const PHRASES: PhotoPhrases = {
  photoBy: 'Photo de {name}',
  openPhoto: 'Ouvrir en grand',
  loadPhoto: 'Toucher pour charger {kb} Ko',
  loadingPhoto: 'Chargement, {percent} %',
  stopPhoto: 'Arrêter le chargement',
  waitingPhoto: 'Personne de joignable n’a cette photo pour le moment. Elle viendra d’elle-même.',
  sendingPhoto: 'En route vers le serveur, {percent} %',
  preparingPhoto: 'Réduction de la photo…',
  caption: 'Légende',
  photoPrivacy: 'Seule l’image est envoyée : le lieu, l’heure et l’appareil que le fichier peut nommer restent ici.',
  sendPhoto: 'Envoyer la photo',
  tryAgain: 'Réessayer',
  'problem-not-a-picture': 'Ce fichier n’est pas une image que ce navigateur sait lire.',
  'problem-photo-too-large': 'Cette image ne peut pas être assez réduite pour être envoyée.',
  'problem-photos-off': 'Il n’y a pas de photos dans ce chat.',
  'problem-no-space': 'Cet appareil n’a plus de place pour l’image. Libérez de l’espace et réessayez.',
  'problem-other': 'Cela n’a pas fonctionné.',
};

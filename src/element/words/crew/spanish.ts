import type { CrewPhrases } from './english.js';

export const PHRASES: CrewPhrases = {
  privateRoom: 'Sala privada {tag}',
  onlyInvited: 'Solo quien tiene la invitación puede leer esto',
  intro:
    'Una sala privada es para las personas a las que das su enlace. Lo que se dice en ella va cifrado en sus dispositivos: el servidor y los demás solo ven cuánto se escribe y cuándo.',
  create: 'Crear una sala privada',
  yourRooms: 'Salas privadas en este dispositivo',
  enter: 'Abrir {room}',
  haveLink: '¿Tienes un enlace?',
  pasteLink: 'El enlace de una sala privada',
  join: 'Abrir',
  inviteTitle: 'Invitar',
  inviteHow:
    'Quien tenga este enlace puede leer y escribir aquí. Envíalo solo a quien deba estar, o deja que lean el código.',
  link: 'El enlace de invitación',
  copyLink: 'Copiar el enlace',
  copied: 'Copiado',
  shareLink: 'Compartir',
  qr: 'La invitación como imagen QR',
  inHere: 'En esta sala',
  founder: 'creó esta sala',
  remove: 'Quitar a {name}',
  removeSure: '¿Quitar a {name} para siempre?',
  removeNote:
    'A quien quites no leerá nada de lo que venga después, y el enlace que repartiste deja de servir. Lo dicho antes lo conserva.',
  leave: 'Volver a {room}',
  'state-removed': 'Te han quitado de esta sala privada. Puedes leer lo que se dijo antes.',
  'state-replaced': 'El enlace de esta sala privada se ha cambiado. Pide el nuevo a alguien que esté en ella.',
  'state-unreadable':
    'La clave de tu enlace no corresponde a lo que se dice aquí. Pide un enlace nuevo a alguien que esté en la sala.',
  'state-no-key':
    'Este dispositivo no tiene la clave de esta sala privada. Abre otra vez el enlace de invitación o pide uno nuevo.',
  'problem-bad-invite': 'Esta invitación está incompleta, alterada o es de otro chat. Pide el enlace otra vez.',
  'problem-no-crypto': 'Las salas privadas necesitan una página cuya dirección empiece por https.',
  'problem-other': 'No ha funcionado. Inténtalo otra vez.',
};

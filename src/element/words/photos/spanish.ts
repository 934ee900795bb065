import type { PhotoPhrases } from './english.js';

export const PHRASES: PhotoPhrases = {
  photoBy: 'Foto de {name}',
  openPhoto: 'Abrir en grande',
  loadPhoto: 'Toca para cargar {kb} KB',
  loadingPhoto: 'Cargando, {percent} %',
  stopPhoto: 'Dejar de cargar',
  waitingPhoto: 'Nadie a quien se pueda llegar tiene ahora esta foto. Llegará por sí sola.',
  sendingPhoto: 'De camino al servidor, {percent} %',
  preparingPhoto: 'Reduciendo la foto…',
  caption: 'Pie de foto',
  photoPrivacy: 'Solo se envía la imagen: el lugar, la hora y el dispositivo que indique el archivo se quedan aquí.',
  sendPhoto: 'Enviar foto',
  tryAgain: 'Intentar de nuevo',
  'problem-not-a-picture': 'Este archivo no es una imagen que este navegador pueda leer.',
  'problem-photo-too-large': 'Esta imagen no se puede reducir lo suficiente para enviarla.',
  'problem-photos-off': 'En este chat no hay fotos.',
  'problem-no-space': 'Este dispositivo no tiene sitio para la imagen. Libera espacio e inténtalo de nuevo.',
  'problem-other': 'Eso no ha funcionado.',
};

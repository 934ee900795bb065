import type { PhotoPhrases } from './english.js';

export const PHRASES: PhotoPhrases = {
  photoBy: 'Foto de {name}',
  openPhoto: 'Abrir em tamanho grande',
  loadPhoto: 'Toque para carregar {kb} KB',
  loadingPhoto: 'Carregando, {percent} %',
  stopPhoto: 'Parar de carregar',
  waitingPhoto: 'Ninguém que se possa alcançar tem esta foto agora. Ela virá sozinha.',
  sendingPhoto: 'A caminho do servidor, {percent} %',
  preparingPhoto: 'Reduzindo a foto…',
  caption: 'Legenda',
  photoPrivacy: 'Só a imagem é enviada: o lugar, a hora e o aparelho que o arquivo possa indicar ficam aqui.',
  sendPhoto: 'Enviar foto',
  tryAgain: 'Tentar de novo',
  'problem-not-a-picture': 'Este arquivo não é uma imagem que este navegador consiga ler.',
  'problem-photo-too-large': 'Esta imagem não pode ser reduzida o suficiente para ser enviada.',
  'problem-photos-off': 'Não há fotos neste chat.',
  'problem-no-space': 'Este aparelho não tem espaço para a imagem. Libere espaço e tente de novo.',
  'problem-other': 'Isso não funcionou.',
};

import type { CrewPhrases } from './english.js';

export const PHRASES: CrewPhrases = {
  privateRoom: 'Sala privada {tag}',
  onlyInvited: 'Só quem tem o convite pode ler isto',
  intro:
    'Uma sala privada é para as pessoas a quem dás o link. O que lá se diz vai cifrado nos aparelhos delas: o servidor e os outros veem apenas quanto se escreve e quando.',
  create: 'Criar uma sala privada',
  yourRooms: 'Salas privadas neste aparelho',
  enter: 'Abrir {room}',
  haveLink: 'Tens um link?',
  pasteLink: 'O link de uma sala privada',
  join: 'Abrir',
  inviteTitle: 'Convidar',
  inviteHow:
    'Quem tiver este link pode ler e escrever aqui. Envia-o só a quem pertence à sala, ou deixa que leiam o código.',
  link: 'O link do convite',
  copyLink: 'Copiar o link',
  copied: 'Copiado',
  shareLink: 'Partilhar',
  qr: 'O convite como imagem QR',
  inHere: 'Nesta sala',
  founder: 'criou esta sala',
  remove: 'Remover {name}',
  removeSure: 'Remover {name} de vez?',
  removeNote:
    'Quem for removido não lê nada do que vier depois, e o link que deste deixa de funcionar. O que foi dito antes fica com essa pessoa.',
  leave: 'Voltar a {room}',
  'state-removed': 'Foste removido desta sala privada. Podes ler o que foi dito antes.',
  'state-replaced': 'O link desta sala privada foi substituído. Pede o novo a alguém que lá esteja.',
  'state-unreadable': 'A chave do teu link não serve para o que se diz aqui. Pede um link novo a alguém que lá esteja.',
  'state-no-key':
    'Este aparelho não tem a chave desta sala privada. Abre outra vez o link do convite, ou pede um novo.',
  'problem-bad-invite': 'Este convite está incompleto, foi alterado ou é de outro chat. Pede o link outra vez.',
  'problem-no-crypto': 'As salas privadas precisam de uma página cujo endereço comece por https.',
  'problem-other': 'Não funcionou. Tenta outra vez.',
};

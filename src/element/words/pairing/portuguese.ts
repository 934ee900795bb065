import type { PairingPhrases } from './english.js';

export const PHRASES: PairingPhrases = {
  intro:
    'Dois aparelhos no mesmo Wi-Fi ou ponto de acesso podem conversar sem internet e sem servidor. Cada um mostra um código e lê o do outro.',
  introCamera:
    'O navegador vai pedir a câmera. Ela só procura o código e nenhuma imagem sai deste aparelho. Com a câmera permitida, o navegador também diz a esta página o endereço do aparelho no Wi-Fi, e assim funciona em mais redes.',
  useCamera: 'Usar a câmera',
  noCamera: 'Sem câmera',
  preparing: 'Criando um código…',
  yourCode: 'Seu código como imagem QR',
  showing: 'Deixe o outro aparelho ler este código e aponte sua câmera para o código que ele mostra.',
  exchanging: 'Dê seu código à outra pessoa e coloque o dela aqui.',
  linking: 'O outro código foi lido. Agora o outro aparelho precisa ler o seu.',
  cameraView: 'O que a câmera vê',
  copyCode: 'Copiar seu código',
  copied: 'Copiado',
  theirCode: 'Código do outro aparelho',
  useCode: 'Ligar',
  typeInstead: 'Copiar e colar',
  keepOpen: 'Mantenha esta página aberta e a tela ligada: celulares param páginas em segundo plano.',
  calledItself: 'O outro aparelho se chama {name}. Os dois mostram estes quatro dígitos?',
  same: 'Sim, os mesmos',
  differ: 'Não',
  awaited: 'Esperando {name} concordar também.',
  paired: 'Ligado a {name}. Um escudo marca o que este aparelho escreveu, porque vocês se encontraram.',
  done: 'Pronto',
  'note-renewed': 'O código mudou. Deixe o outro aparelho ler o novo.',
  'note-no-answer': 'O outro aparelho não respondeu. Leia o código que ele mostra agora e deixe que leia o seu.',
  'note-isolated':
    'De novo sem resposta. Talvez este Wi-Fi separe os aparelhos, como redes de visitantes: usem o ponto de acesso de um celular. No iPhone, permita “Rede Local” ao navegador nos Ajustes.',
  'note-not-a-code': 'Isso não é um código deste chat.',
  'note-other-version':
    'O outro aparelho tem outra versão deste chat. Recarreguem a página nos dois quando houver rede.',
  'note-damaged': 'O código está incompleto ou alterado. Copie de novo, inteiro.',
  'note-other-room': 'O outro aparelho está em outra sala. Abram a mesma nos dois.',
  'note-old-code':
    'Este código tem mais de dois minutos, ou os relógios dos aparelhos diferem. Mostrem um novo ou acertem os relógios.',
  'note-own-code': 'Este é o seu próprio código.',
  'note-used-code': 'Este código já foi usado. Mostrem um novo no outro aparelho.',
  'failure-no-webrtc': 'Este navegador não consegue ligar aparelhos. Tente outro ou recarregue a página.',
  'failure-mesh-off': 'Este site desligou as ligações entre aparelhos.',
  'failure-no-network':
    'Este aparelho não está em nenhuma rede. Entre no Wi-Fi ou ponto de acesso do outro, ou abra um. Não precisa de internet.',
  'failure-not-theirs': 'Outro aparelho respondeu, não aquele cujo código foi lido. Nada foi ligado.',
  'failure-no-link-free': 'Este aparelho não tem lugar agora para outra ligação. Tente de novo mais tarde.',
  'failure-digits-differ': 'Os dígitos eram diferentes: talvez alguém esteja entre os dois aparelhos. Nada foi ligado.',
  'failure-lost': 'O outro aparelho encerrou ou saiu de alcance.',
  'camera-refused':
    'A câmera não é permitida aqui. Permita nas configurações do navegador para este site, ou copie e cole os códigos.',
  'camera-none': 'Este aparelho não tem câmera. Copie e cole os códigos.',
  'camera-busy': 'Outro programa usa a câmera. Feche-o, ou copie e cole os códigos.',
  'camera-insecure': 'Navegadores só abrem a câmera em páginas https. Copie e cole os códigos.',
};

import type { PairingPhrases } from './english.js';

export const PHRASES: PairingPhrases = {
  intro:
    'Dos dispositivos en la misma wifi o punto de acceso pueden chatear sin internet y sin servidor. Cada uno muestra un código y lee el del otro.',
  introCamera:
    'El navegador pedirá la cámara. Solo busca el código y ninguna imagen sale de este dispositivo. Con la cámara permitida, el navegador también da a esta página la dirección del dispositivo en la wifi, y así funciona en más redes.',
  useCamera: 'Usar la cámara',
  noCamera: 'Sin cámara',
  preparing: 'Creando un código…',
  yourCode: 'Tu código como imagen QR',
  showing: 'Deja que el otro dispositivo lea este código y apunta tu cámara al código que muestra.',
  exchanging: 'Da tu código a la otra persona y pon aquí el suyo.',
  linking: 'El otro código está leído. Ahora el otro dispositivo tiene que leer el tuyo.',
  cameraView: 'Lo que ve la cámara',
  copyCode: 'Copiar tu código',
  copied: 'Copiado',
  theirCode: 'Código del otro dispositivo',
  useCode: 'Enlazar',
  typeInstead: 'Copiar y pegar',
  keepOpen: 'Mantén esta página abierta y la pantalla encendida: los móviles paran las páginas en segundo plano.',
  calledItself: 'El otro dispositivo se llama {name}. ¿Muestran los dos estas cuatro cifras?',
  same: 'Sí, las mismas',
  differ: 'No',
  awaited: 'Esperando a que {name} también acepte.',
  paired: 'Enlazado con {name}. Un escudo marca lo que ha escrito este dispositivo, porque os habéis visto en persona.',
  done: 'Listo',
  'note-renewed': 'El código ha cambiado. Deja que el otro dispositivo lea el nuevo.',
  'note-no-answer': 'El otro dispositivo no ha respondido. Lee el código que muestra ahora y deja que lea el tuyo.',
  'note-isolated':
    'Otra vez sin respuesta. Puede que esta wifi separe los dispositivos, como las redes de invitados: usad el punto de acceso de un móvil. En un iPhone, permite «Red local» al navegador en Ajustes.',
  'note-not-a-code': 'Eso no es un código de este chat.',
  'note-other-version':
    'El otro dispositivo tiene otra versión de este chat. Recargad la página en los dos cuando haya red.',
  'note-damaged': 'El código está incompleto o cambiado. Cópialo otra vez entero.',
  'note-other-room': 'El otro dispositivo está en otra sala. Abrid la misma en los dos.',
  'note-old-code':
    'Este código tiene más de dos minutos, o los relojes de los dispositivos difieren. Mostrad uno nuevo o ajustad los relojes.',
  'note-own-code': 'Este es tu propio código.',
  'note-used-code': 'Este código ya se usó. Mostrad uno nuevo en el otro dispositivo.',
  'failure-no-webrtc': 'Este navegador no puede enlazar dispositivos. Prueba otro o recarga la página.',
  'failure-mesh-off': 'Este sitio ha desactivado los enlaces entre dispositivos.',
  'failure-no-network':
    'Este dispositivo no está en ninguna red. Únete a la wifi o al punto de acceso del otro, o abre uno. No hace falta internet.',
  'failure-not-theirs': 'Ha respondido otro dispositivo, no aquel cuyo código se leyó. No se ha enlazado nada.',
  'failure-no-link-free': 'Este dispositivo no tiene sitio ahora para otro enlace. Inténtalo más tarde.',
  'failure-digits-differ':
    'Las cifras eran distintas: puede que alguien esté entre los dos dispositivos. No se ha enlazado nada.',
  'failure-lost': 'El otro dispositivo cerró el enlace o quedó fuera de alcance.',
  'camera-refused':
    'La cámara no está permitida aquí. Permítela en los ajustes del navegador para este sitio, o copia y pega los códigos.',
  'camera-none': 'Este dispositivo no tiene cámara. Copia y pega los códigos.',
  'camera-busy': 'Otro programa usa la cámara. Ciérralo, o copia y pega los códigos.',
  'camera-insecure': 'Los navegadores solo abren la cámara en páginas https. Copia y pega los códigos.',
};

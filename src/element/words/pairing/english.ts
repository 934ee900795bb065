// The words of pairing, in English; `pairing-words.ts` fetches the others.

export const PAIRING_ENGLISH = {
  intro:
    'Two devices in one Wi-Fi or hotspot can chat without internet and without a server. Each shows a code and reads the other’s.',
  introCamera:
    'The browser will ask for the camera. It only looks for the code, and no picture leaves this device. With the camera allowed, browsers also tell this page the device’s address in the Wi-Fi, so that linking works in more networks.',
  useCamera: 'Use the camera',
  noCamera: 'Without a camera',
  preparing: 'Making a code…',
  yourCode: 'Your code as a QR picture',
  showing: 'Let the other device read this code, and point your camera at the code it shows.',
  exchanging: 'Give the other person your code, and put theirs in here.',
  linking: 'The other code is read. Now the other device has to read yours.',
  cameraView: 'What the camera sees',
  copyCode: 'Copy your code',
  copied: 'Copied',
  theirCode: 'The other device’s code',
  useCode: 'Link',
  typeInstead: 'Copy and paste instead',
  keepOpen: 'Keep this page open and the screen on: phones stop pages in the background.',
  calledItself: 'The other device calls itself {name}. Do both show these four digits?',
  same: 'Yes, the same',
  differ: 'No',
  awaited: 'Waiting until {name} agrees as well.',
  paired: 'Linked with {name}. A shield marks what this device has written, because you have met it in person.',
  done: 'Done',
  'note-renewed': 'The code has changed. Let the other device read the new one.',
  'note-no-answer': 'The other device has not answered. Read the code it shows now, and let it read yours.',
  'note-isolated':
    'Again no answer. This Wi-Fi may keep devices apart, as guest networks do: put both on the hotspot of one phone. On an iPhone, allow the browser “Local Network” in Settings.',
  'note-not-a-code': 'That is no code of this chat.',
  'note-other-version':
    'The other device has another version of this chat. Reload the page on both when there is a network.',
  'note-damaged': 'The code is not complete or was changed. Copy it again, all of it.',
  'note-other-room': 'The other device is in another room. Open the same room on both.',
  'note-old-code':
    'This code is older than two minutes, or the clocks of the two devices differ. Show a new one, or set the clocks.',
  'note-own-code': 'This is your own code.',
  'note-used-code': 'This code was used already. Show a new one on the other device.',
  'failure-no-webrtc': 'This browser cannot link devices. Try another one, or reload the page.',
  'failure-mesh-off': 'This site has switched off links between devices.',
  'failure-no-network':
    'This device is in no network. Join the other’s Wi-Fi or hotspot, or open one. It needs no internet.',
  'failure-not-theirs': 'Another device answered than the one whose code was read. Nothing was linked.',
  'failure-no-link-free': 'This device has no room for another link just now. Try again in a while.',
  'failure-digits-differ': 'The digits differed: somebody may stand between the two devices. Nothing was linked.',
  'failure-lost': 'The other device closed the pairing, or went out of reach.',
  'camera-refused':
    'The camera is not allowed here. Allow it in the browser’s settings for this site, or copy and paste the codes.',
  'camera-none': 'This device has no camera. Copy and paste the codes.',
  'camera-busy': 'Another program uses the camera. Close it, or copy and paste the codes.',
  'camera-insecure': 'Browsers open the camera on https pages only. Copy and paste the codes.',
} as const;

export type PairingPhraseKey = keyof typeof PAIRING_ENGLISH;

/** All words of pairing in a language. */
export type PairingPhrases = Readonly<Record<PairingPhraseKey, string>>;

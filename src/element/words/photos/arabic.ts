import type { PhotoPhrases } from './english.js';

export const PHRASES: PhotoPhrases = {
  photoBy: 'صورة من {name}',
  openPhoto: 'فتح بحجم كبير',
  loadPhoto: 'اضغط لتحميل {kb} كيلوبايت',
  loadingPhoto: 'جارٍ التحميل، {percent} ٪',
  stopPhoto: 'إيقاف التحميل',
  waitingPhoto: 'لا أحد ممن يمكن الوصول إليهم لديه هذه الصورة الآن. ستصل من تلقاء نفسها.',
  sendingPhoto: 'في الطريق إلى الخادم، {percent} ٪',
  preparingPhoto: 'جارٍ تصغير الصورة…',
  caption: 'تعليق على الصورة',
  photoPrivacy: 'تُرسل الصورة وحدها: يبقى هنا ما قد يذكره الملف من مكان ووقت وجهاز.',
  sendPhoto: 'إرسال الصورة',
  tryAgain: 'حاول مرة أخرى',
  'problem-not-a-picture': 'هذا الملف ليس صورة يستطيع هذا المتصفح قراءتها.',
  'problem-photo-too-large': 'لا يمكن تصغير هذه الصورة بما يكفي لإرسالها.',
  'problem-photos-off': 'لا توجد صور في هذه الدردشة.',
  'problem-no-space': 'لا مكان للصورة على هذا الجهاز. أفرغ بعض المساحة وحاول مرة أخرى.',
  'problem-other': 'لم ينجح ذلك.',
};

// What is said in the lists that are measured: of several lengths, as people write.

const LINES = [
  'On my way',
  'Which stage has the brass band?',
  'The queue at the second tap is short now, the one near the lighthouse is not, and nobody knows why 🔥',
  'That bass!!',
  'Lost: one green raincoat, size L, between the camping ground and the main stage, some time after the first song of the evening. If you have it, bring it to the info point please, there are keys in its pocket.',
];

export function lineOf(index: number): string {
  return LINES[index % LINES.length] ?? '';
}

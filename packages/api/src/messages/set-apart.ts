/** Marks that turn around what follows them, also where the words they stand in are over. */
const turning = /[\u202a-\u202e\u2066-\u2069]/gu;
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\u200f]/u;

/** Words of somebody without the marks that would turn around what stands after them. */
export function unturned(words: string): string {
  return words.replace(turning, '');
}

/** Words of somebody as they stand within a sentence of ours: what is written from right to left moves nothing but itself. */
export function setApart(words: string): string {
  const plain = unturned(words);
  return rightToLeft.test(plain) ? `\u2068${plain}\u2069` : plain;
}

/** Scripts written without spaces between words: a full-text parser takes a whole run of them for one word. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー々〆]+/gu;

/** Text as it is compared: compatibility forms joined (ｶﾀｶﾅ = カタカナ, ﬁ = fi), lower case, single spaces. */
export function foldText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll('\0', ' ').replace(/\s+/g, ' ').trim();
}

/** Single characters and pairs of neighbours in every run of an unspaced script, each once. */
export function gramsOf(folded: string): string[] {
  const grams = new Set<string>();
  for (const [run] of folded.matchAll(unspaced)) {
    const characters = [...run];
    for (const [index, character] of characters.entries()) {
      grams.add(character);
      if (index > 0) grams.add(characters[index - 1]! + character);
    }
  }
  return [...grams];
}

/** Pairs to look up for a typed term: those that hold all of its neighbours, or the single character. */
export function lookupGrams(term: string): string[] {
  const grams = gramsOf(term);
  const pairs = grams.filter((gram) => [...gram].length === 2);
  return pairs.length > 0 ? pairs : grams;
}

/** Marks that people put around words: of quotation, and of emphasis. */
const around = /^[*"'“”„‟‘’«»「」『』]+|[*"'“”„‟‘’«»「」『』]+$/gu;

/** Terms a search asks for: typed words, at most 12, each at most 100 characters; a DOI bare, in whatever spelling it is typed. */
export function searchTerms(words: string): string[] {
  return foldText(words)
    .split(' ')
    .map((term) => [...bareDoi(term.replace(around, ''))].slice(0, 100).join(''))
    .filter((term) => /[\p{L}\p{N}]/u.test(term))
    .slice(0, 12);
}

/** A DOI without the address of a resolver or `doi:` before it; any other word as it is. */
function bareDoi(word: string): string {
  return word.replace(/^(https?:\/\/)?(dx\.|www\.)?doi\.org\/(?=10\.\d)/, '').replace(/^doi:(?=10\.\d)/, '');
}

/** Is the word a DOI, or the whole beginning of one? */
export function isDoiWord(word: string): boolean {
  return /^10\.\d{4,9}\/\S/.test(word);
}

/** Escapes the wildcards of LIKE. */
export function likePattern(term: string): string {
  return `%${term.replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
}

import { type PartHandler, PartWalker, resolveEntities, resolveEscapes } from './xml-text.ts';

/** Texts that cells refer to by number. */
export interface SharedTexts {
  /** `undefined` where there is no such text. */
  at(index: number): string | undefined;
}

/** More shared text than is taken. */
export class SharedTextsTooLarge extends Error {
  override readonly name = 'SharedTextsTooLarge';
}

/** Takes the elements of the shared strings part: runs of rich text are joined, phonetic guides left out. */
class TextList implements PartHandler {
  wantsText = false;
  done = false;
  readonly texts: string[] = [];
  private readonly most: number;
  private characters = 0;
  private current = '';
  private phonetic = false;

  constructor(most: number) {
    this.most = most;
  }

  open(name: string): void {
    if (name === 't') this.wantsText = !this.phonetic;
    else if (name === 'si') this.current = '';
    else if (name === 'rPh') this.phonetic = true;
  }

  close(name: string): void {
    if (name === 't') this.wantsText = false;
    else if (name === 'rPh') this.phonetic = false;
    else if (name === 'si') {
      // An entry takes memory even where it has no character.
      this.characters += this.current.length + 8;
      if (this.characters > this.most)
        throw new SharedTextsTooLarge(`more than ${this.most} characters of shared text`);
      this.texts.push(resolveEscapes(resolveEntities(this.current)));
    }
  }

  text(piece: string): void {
    this.current += piece;
    if (this.current.length > this.most) throw new SharedTextsTooLarge(`one text of over ${this.most} characters`);
  }
}

/**
 * Reads the shared texts of a workbook.
 * @param pieces text of the part
 * @param most characters taken
 * @param onlyFirst stop quietly at the limit: the first texts are enough
 * @throws PartXmlError, SharedTextsTooLarge
 */
export async function readSharedTexts(
  pieces: AsyncIterable<string>,
  most: number,
  onlyFirst = false,
): Promise<SharedTexts> {
  const list = new TextList(most);
  const walker = new PartWalker(list);
  try {
    for await (const piece of pieces) walker.feed(piece);
  } catch (error) {
    if (!(onlyFirst && error instanceof SharedTextsTooLarge)) throw error;
  }
  return { at: (index) => list.texts[index] };
}

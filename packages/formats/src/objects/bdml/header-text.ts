import { attributeText } from '../../tracks/trackmate-xml/features.ts';

const longest = 1 << 20;

/**
 * Collects what stands before the data (info, summary, contact, methods) as XML text of its own, without notes and
 * annotations, so that it can be kept and written again.
 */
export class HeaderText {
  private text = '';
  private tooLong = false;
  private lastOpened = 0;

  open(name: string, attributes: Readonly<Record<string, string>>, depth: number): void {
    if (depth < 2) return;
    const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attributeText(value)}"`);
    this.add(`<${name}${written.join('')}>`);
    this.lastOpened = depth;
  }

  close(name: string, value: string, depth: number): void {
    if (depth < 2) return;
    // Only leaves have text; what stands between elements is layout.
    this.add(`${this.lastOpened === depth ? attributeText(value.trim()) : ''}</${name}>`);
    this.lastOpened = 0;
  }

  /** The header as one element; `undefined` where there was none, or more than 1 MiB of it. */
  finish(version: string | undefined): string | undefined {
    if (this.text === '' || this.tooLong) return undefined;
    return `<bdml version="${attributeText(version ?? '')}">${this.text}</bdml>`;
  }

  private add(piece: string): void {
    if (this.text.length + piece.length > longest) this.tooLong = true;
    if (!this.tooLong) this.text += piece;
  }
}

import type { Issue } from '@micrarium/model';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { microscopeIssue } from './microscope-issues.ts';

/** Sizes that claim more than this many times the bytes of the file are damage, not a copy that was cut off. */
const believable = 16;

/**
 * Compares where the pixels should end with where the file does.
 * @returns whether the image can be opened, and what is wrong with it
 */
export function checkClaimedSize(end: number, fileSize: number, file: string): { usable: boolean; issues: Issue[] } {
  if (end <= fileSize) return { usable: true, issues: [] };
  const where = { file };
  const message = `The pixels should end at byte ${end}, but the file has ${fileSize} bytes.`;
  if (!(end <= fileSize * believable))
    return { usable: false, issues: [microscopeIssue('microscope-image-unusable', message, { where })] };
  return { usable: true, issues: [tiffIssue('pixel-data-truncated', message, { where })] };
}

/** Printable texts of fixed length, such as the labels of an MRC header; empty ones are left out. */
export function fixedTexts(bytes: Uint8Array, length: number): string[] {
  const texts: string[] = [];
  for (let at = 0; at + length <= bytes.length; at += length) {
    const text = new TextDecoder('latin1')
      .decode(bytes.subarray(at, at + length))
      .split('\0')[0]!
      .trim();
    if (text !== '' && /^[\x20-\x7e\xa0-\xff]+$/.test(text)) texts.push(text);
  }
  return texts;
}

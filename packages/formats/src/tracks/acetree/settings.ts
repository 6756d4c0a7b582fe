import { xmlRoot } from '../../recognition/xml-root.ts';
import { readTag } from '../trackmate/tags.ts';

/** What the settings of AceTree (an XML file beside the nuclei) say of a film. */
export interface AcetreeSettings {
  /** File name of the archive of nuclei. */
  nuclei: string;
  /** File name of the first image. */
  image?: string;
  /** Micrometers a pixel. */
  xyRes?: number;
  /** Micrometers a slice. */
  zRes?: number;
  /** Number of the first slice; 1 where nothing is said. */
  planeStart: number;
  planeEnd?: number;
  /** The whole text, for the record. */
  text: string;
}

/** Settings are a few lines; what is longer is something else. */
export const longestSettings = 1 << 18;

/**
 * Reads the settings of AceTree, of which several programs write some by hand: tags are looked for one by one. `undefined`
 * for other XML, and for XML with a document type.
 */
export function acetreeSettings(text: string): AcetreeSettings | undefined {
  if (xmlRoot(text)?.localName !== 'embryo' || /<!DOCTYPE/i.test(text)) return undefined;
  const plain = text.replace(/<!--[\s\S]*?(?:-->|$)/g, '');
  const tags = new Map<string, ReadonlyMap<string, string>>();
  for (const [found] of plain.matchAll(/<(?:nuclei|image|resolution)\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*>/g)) {
    const tag = readTag(found);
    if (typeof tag !== 'string' && !tags.has(tag.name)) tags.set(tag.name, tag.attributes);
  }
  const nuclei = fileName(tags.get('nuclei')?.get('file'));
  if (nuclei === undefined) return undefined;
  const image = fileName(tags.get('image')?.get('file') ?? tags.get('image')?.get('channel1'));
  const resolution = tags.get('resolution');
  const positive = (name: string) => {
    const value = Number(resolution?.get(name)?.trim() || Number.NaN);
    return value > 0 && Number.isFinite(value) ? value : undefined;
  };
  const [xyRes, zRes, planeEnd] = [positive('xyRes'), positive('zRes'), positive('planeEnd')];
  return {
    nuclei,
    ...(image === undefined ? {} : { image }),
    ...(xyRes === undefined ? {} : { xyRes }),
    ...(zRes === undefined ? {} : { zRes }),
    planeStart: positive('planeStart') ?? 1,
    ...(planeEnd === undefined ? {} : { planeEnd }),
    text,
  };
}

/** The file of a path of any system. */
function fileName(path: string | undefined): string | undefined {
  const name = path?.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1).trim();
  return name === '' ? undefined : name;
}

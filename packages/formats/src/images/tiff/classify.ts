import type { FormatId } from '../../recognition/format-id.ts';
import type { ByteSource } from '../../bytes/byte-source.ts';
import { TiffFile, type TiffDirectory } from './directory.ts';
import { tag } from './tags.ts';

/** What a TIFF is, by its first directory. */
export interface TiffKind {
  id: Extract<FormatId, 'lsm' | 'stk' | 'ome-tiff' | 'imagej-tiff' | 'micro-manager' | 'tiff'>;
  /** Why, for people. */
  reason: string;
  version?: string;
  file: TiffFile;
  first: TiffDirectory;
  /** `ImageDescription` of the first directory. */
  description: string;
}

/**
 * Decides the kind of a TIFF in the order of the field: LSM, STK, OME, ImageJ, Micro-Manager, electron microscope, plain.
 * `undefined` where it is none; `'broken'` where the header is one but the first directory cannot be read.
 */
export async function classifyTiff(source: ByteSource): Promise<TiffKind | 'broken' | undefined> {
  const file = await TiffFile.open(source);
  if (!file) return undefined;
  const first = await file.directory(0);
  if (!first) return 'broken';
  const description = (await file.text(first, tag.imageDescription)) ?? '';
  const kind = (id: TiffKind['id'], reason: string, version?: string): TiffKind => ({
    id,
    reason,
    ...(version === undefined ? {} : { version }),
    file,
    first,
    description,
  });
  if (first.fields.has(tag.lsm)) return kind('lsm', 'TIFF with tag 34412 of Zeiss LSM');
  // Without the tag that counts planes it is a single picture, and each page has a directory of its own.
  if (first.fields.has(tag.stkPlanes)) return kind('stk', `TIFF with tag ${tag.stkPlanes} of MetaMorph`);
  if (isOmeXml(description)) {
    const year = /openmicroscopy\.org\/(?:XMLschemas\/OME|Schemas\/OME)\/(?:FC\/)?(\d{4}-\d{2})/i.exec(
      description.slice(0, 4000),
    );
    return kind('ome-tiff', 'TIFF whose description is OME-XML', year?.[1]);
  }
  if (description.startsWith('ImageJ='))
    return kind(
      'imagej-tiff',
      'TIFF whose description begins with ImageJ=',
      /^ImageJ=(\S*)/.exec(description)?.[1] || undefined,
    );
  if (await isMicroManager(file, first)) return kind('micro-manager', 'TIFF with the tags of Micro-Manager');
  if (first.fields.has(tag.zeissSem)) return kind('tiff', 'TIFF of a Zeiss electron microscope');
  if (first.fields.has(tag.fei)) return kind('tiff', 'TIFF of an FEI electron microscope');
  return kind('tiff', file.big ? 'begins like a BigTIFF' : 'begins like a TIFF');
}

/** Is a text OME-XML? Looks for the root element behind declaration and comments. */
export function isOmeXml(text: string): boolean {
  return /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:\w+:)?OME[\s>]/.test(text.replace(/^\uFEFF/, ''));
}

async function isMicroManager(file: TiffFile, first: TiffDirectory): Promise<boolean> {
  if (first.fields.has(tag.microManager)) return true;
  const field = first.fields.get(tag.imagejMetadata);
  if (!field) return false;
  const bytes = await file.fieldBytes(field, 65_536);
  return new TextDecoder('latin1').decode(bytes).replaceAll('\0', '').includes('MicroManager');
}

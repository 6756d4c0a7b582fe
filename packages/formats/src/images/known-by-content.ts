import type { FormatDescriptor, Probe, Recognition } from '../recognition/descriptor.ts';
import type { FormatId } from '../recognition/format-id.ts';
import { bytesAt } from '../recognition/probe.ts';

/** Formats of pictures that are recognised, named and kept as deposited; nothing of them is read. */

type Recognise = (probe: Probe) => Recognition | undefined;

function kept(
  id: FormatId,
  name: string,
  extensions: readonly string[],
  mediaType: string,
  recognise: Recognise,
  kind: FormatDescriptor['kind'] = 'image',
): FormatDescriptor {
  return { id, name, kind, extensions, mediaTypes: [mediaType], recognise };
}

/** Recognises by bytes at a place. */
function marked(at: number, mark: string | readonly number[], reason: string): Recognise {
  return ({ head }) => (bytesAt(head, at, mark) ? { score: 1, reason } : undefined);
}

/** Version 3 or 4, the length of the tree of tags up to the end of the file, the order of its numbers. */
function digitalMicrograph({ head, source }: Probe): Recognition | undefined {
  if (head.length < 24 || head[0] !== 0 || head[1] !== 0 || head[2] !== 0) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const version = head[3]!;
  if (version !== 3 && version !== 4) return undefined;
  const length = version === 3 ? view.getUint32(4) : Number(view.getBigUint64(4));
  const order = view.getUint32(version === 3 ? 8 : 12);
  if (order > 1 || length < 16 || length > source.size) return undefined;
  return { score: 0.9, reason: 'header of DigitalMicrograph', version: `DM${version}` };
}

/** A version, five sizes, five sampling distances, one byte for the type: no mark, so the name must say it too. */
function kellerBlocks({ head, entry }: Probe): Recognition | undefined {
  if (!/\.klb$/i.test(entry.path) || head.length < 43 || head[0]! < 1 || head[0]! > 2 || head[41]! > 9)
    return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const sizes = [0, 1, 2, 3, 4].map((n) => view.getUint32(1 + 4 * n, true));
  return sizes.every((size) => size > 0) ? { score: 0.8, reason: 'sizes of a KLB header, and its name' } : undefined;
}

/** Each is one that programs of microscopes write, or that people drop beside such files. */
export const formatsKnownByContent: readonly FormatDescriptor[] = [
  kept('gatan-dm', 'Gatan DigitalMicrograph', ['.dm3', '.dm4'], 'image/x-gatan-dm', digitalMicrograph),
  kept('tia-ser', 'FEI TIA series', ['.ser'], 'image/x-fei-ser', ({ head }) =>
    bytesAt(head, 0, [0x49, 0x49, 0x97, 0x01]) && (head[4] === 0x10 || head[4] === 0x20) && head[5] === 2
      ? { score: 1, reason: 'first bytes of a TIA series' }
      : undefined,
  ),
  kept(
    'spe',
    'Princeton Instruments SPE',
    ['.spe'],
    'image/x-princeton-spe',
    marked(2996, [0x67, 0x45, 0x23, 0x01], 'mark of WinView at byte 2996'),
  ),
  kept(
    'andor-sif',
    'Andor SIF',
    ['.sif'],
    'image/x-andor-sif',
    marked(0, 'Andor Technology Multi-Channel File', 'begins as files of Andor do'),
  ),
  kept('klb', 'Keller Lab Block', ['.klb'], 'image/x-klb', kellerBlocks),
  kept('dicom', 'DICOM', ['.dcm'], 'application/dicom', marked(128, 'DICM', 'DICM at byte 128')),
  kept('nrrd', 'NRRD', ['.nrrd', '.nhdr'], 'image/x-nrrd', marked(0, 'NRRD000', 'begins with NRRD')),
  kept('nifti', 'NIfTI', ['.nii'], 'image/x-nifti', ({ head }) =>
    bytesAt(head, 344, 'n+1\0') || bytesAt(head, 344, 'ni1\0') || bytesAt(head, 4, 'n+2\0')
      ? { score: 1, reason: 'mark of NIfTI in the header' }
      : undefined,
  ),
  kept(
    'metaxpress-htd',
    'MetaXpress plate (HTD)',
    ['.htd'],
    'text/x-metaxpress-htd',
    marked(0, '"HTSInfoFile"', 'begins with HTSInfoFile'),
    'metadata',
  ),
];

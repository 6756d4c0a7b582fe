import type { FormatDescriptor } from '../recognition/descriptor.ts';
import { formatsKnownByName } from './converter/known-by-name.ts';
import { cziFormat } from './czi/descriptor.ts';
import { dvFormat } from './dv/descriptor.ts';
import { filmFormats } from './film/descriptors.ts';
import { imsFormat } from './ims/descriptor.ts';
import { formatsKnownByContent } from './known-by-content.ts';
import { lifFormat } from './lif/descriptor.ts';
import { lsmFormat } from './lsm/descriptor.ts';
import { ndFormat } from './metamorph/descriptor.ts';
import { mrcFormat } from './mrc/descriptor.ts';
import { nd2Format } from './nd2/descriptor.ts';
import { omeXmlFormats } from './ome-xml/descriptor.ts';
import { omeZarrFormat } from './ome-zarr/descriptor.ts';
import { plateFormats } from './plates/descriptors.ts';
import { pictureFormats } from './png/descriptors.ts';
import { recognisedImageFormats } from './recognised.ts';
import { seriesFormats } from './series/descriptor.ts';
import { stkFormat } from './stk/descriptor.ts';
import { tiffFormats } from './tiff/descriptors.ts';

/** Descriptors of this room, in no particular order: scores decide, not positions. */
export const imagesFormats: readonly FormatDescriptor[] = [
  ...tiffFormats,
  ...omeXmlFormats,
  omeZarrFormat,
  ...pictureFormats,
  ...seriesFormats,
  cziFormat,
  lifFormat,
  nd2Format,
  dvFormat,
  imsFormat,
  mrcFormat,
  // Before STK: single pages with tags of MetaMorph are planes of a plate.
  ...plateFormats,
  // Before STK: its members are STK files, and of equals the first is taken.
  ndFormat,
  stkFormat,
  lsmFormat,
  ...formatsKnownByName,
  ...formatsKnownByContent,
  ...recognisedImageFormats,
  ...filmFormats,
];

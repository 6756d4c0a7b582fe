import { bd5Format } from '../objects/bd5/descriptor.ts';
import { bdmlFormat } from '../objects/bdml/descriptor.ts';
import type { FormatDescriptor } from '../recognition/descriptor.ts';
import { acetreeFormat } from './acetree/descriptor.ts';
import { cmsoFormat } from './cmso/descriptor.ts';
import { parquetFormat } from './parquet/descriptor.ts';
import { recognisedTrackFormats } from './recognised.ts';
import { trackmateFormat } from './trackmate/descriptor.ts';

/** Descriptors of this room, in no particular order: scores decide, not positions. */
export const tracksFormats: readonly FormatDescriptor[] = [
  ...recognisedTrackFormats,
  cmsoFormat,
  bd5Format,
  bdmlFormat,
  trackmateFormat,
  parquetFormat,
  acetreeFormat,
];

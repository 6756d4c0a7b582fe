import type { FormatDescriptor } from '../recognition/descriptor.ts';
import { delimitedFormat } from './delimited/descriptor.ts';
import { recognisedTableFormats } from './recognised.ts';

/** Descriptors of this room, in no particular order: scores decide, not positions. */
export const tablesFormats: readonly FormatDescriptor[] = [delimitedFormat, ...recognisedTableFormats];

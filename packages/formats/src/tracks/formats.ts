import type { FormatDescriptor } from '../recognition/descriptor.ts';
import { recognisedTrackFormats } from './recognised.ts';
import { trackmateFormat } from './trackmate/descriptor.ts';

/** Descriptors of this room, in no particular order: scores decide, not positions. */
export const tracksFormats: readonly FormatDescriptor[] = [...recognisedTrackFormats, trackmateFormat];

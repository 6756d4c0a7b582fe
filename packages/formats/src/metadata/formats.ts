import type { FormatDescriptor } from '../recognition/descriptor.ts';
import { recognisedMetadataFormats } from './recognised.ts';

/** Descriptors of this room, in no particular order: scores decide, not positions. */
export const metadataFormats: readonly FormatDescriptor[] = [...recognisedMetadataFormats];

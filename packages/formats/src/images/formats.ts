import type { FormatDescriptor } from '../recognition/descriptor.ts';
import { recognisedImageFormats } from './recognised.ts';

/** Descriptors of this room, in no particular order: scores decide, not positions. */
export const imagesFormats: readonly FormatDescriptor[] = [...recognisedImageFormats];

import { containersFormats } from '../containers/formats.ts';
import { imagesFormats } from '../images/formats.ts';
import { metadataFormats } from '../metadata/formats.ts';
import { tablesFormats } from '../tables/formats.ts';
import { tracksFormats } from '../tracks/formats.ts';
import type { FormatDescriptor } from './descriptor.ts';
import type { FormatId } from './format-id.ts';

/** Every format we know. Registering is one line in the `formats.ts` of its room. */
export const formats: readonly FormatDescriptor[] = [
  ...tracksFormats,
  ...imagesFormats,
  ...tablesFormats,
  ...containersFormats,
  ...metadataFormats,
];

/** The descriptor of a format, where it has one. */
export function formatById(id: FormatId): FormatDescriptor | undefined {
  return formats.find((format) => format.id === id);
}

import type { FormatDescriptor } from '../../recognition/descriptor.ts';

/** OME-XML alone: metadata of images that lie elsewhere. A companion that names TIFF files is an OME-TIFF instead. */
export const omeXmlFormats: readonly FormatDescriptor[] = [
  {
    id: 'ome-xml',
    name: 'OME-XML',
    kind: 'metadata',
    extensions: ['.ome', '.ome.xml', '.companion.ome'],
    mediaTypes: ['application/xml'],
    recognise({ text }) {
      const root = /^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:\w+:)?OME[\s>]/.exec(text ?? '');
      if (!root) return undefined;
      const year = /openmicroscopy\.org\/(?:XMLschemas|Schemas)\/OME\/(?:FC\/)?(\d{4}-\d{2})/i.exec(text ?? '');
      return { score: 0.9, reason: 'root element OME', ...(year?.[1] ? { version: year[1] } : {}) };
    },
  },
];

import type { FormatDescriptor, Probe, Recognition } from '../recognition/descriptor.ts';
import { firstChild, xmlRoot } from '../recognition/xml-root.ts';
import { snapshotMembers } from './multicellds-members.ts';
import { headed } from './recognised-parts.ts';
import { tgmmMembers } from './tgmm-members.ts';

/** An XML format known by its root element. */
function xml(
  id: FormatDescriptor['id'],
  name: string,
  decide: (root: NonNullable<ReturnType<typeof xmlRoot>>, text: string, probe: Probe) => Recognition | undefined,
  reading?: FormatDescriptor['tracks'],
): FormatDescriptor {
  return {
    id,
    name,
    kind: 'tracks',
    extensions: ['.xml'],
    mediaTypes: ['application/xml'],
    ...(reading ? { tracks: reading } : {}),
    recognise(probe) {
      const root = probe.text === undefined ? undefined : xmlRoot(probe.text);
      return root && decide(root, probe.text!, probe);
    },
  };
}

/** Tracking formats in XML, known by their root elements. */
export const xmlTrackFormats: readonly FormatDescriptor[] = [
  xml(
    'trackmate-simple',
    'TrackMate simple XML',
    (root, text) =>
      root.name === 'Tracks' && (root.attributes.nTracks !== undefined || firstChild(text, root)?.name === 'particle')
        ? headed('root element Tracks with particles')
        : undefined,
    { reader: async () => (await import('./simple/particle-files.ts')).trackmateSimpleReader },
  ),
  xml(
    'isbi',
    'ISBI 2012 particle tracking challenge XML',
    (root, text) =>
      root.name === 'root' && firstChild(text, root)?.name === 'TrackContestISBI2012'
        ? headed('element TrackContestISBI2012')
        : undefined,
    {
      reader: async () => (await import('./simple/particle-files.ts')).isbiReader,
      writer: async () => (await import('./simple/isbi-writer.ts')).isbiWriter,
    },
  ),
  xml(
    'icy-xml',
    'Icy track file',
    (root, text) => {
      if (root.name !== 'root') return undefined;
      const child = firstChild(text, root);
      return child?.name === 'trackfile' || child?.name === 'trackgroup'
        ? {
            ...headed(`element ${child.name}`),
            ...(child.attributes.version ? { version: child.attributes.version } : {}),
          }
        : undefined;
    },
    { reader: async () => (await import('./icy/xml-reader.ts')).icyXmlReader },
  ),
  xml(
    'tgmm',
    'TGMM',
    (root, text, probe) => {
      if (root.name !== 'GaussianMixtureModel' && firstChild(text, root)?.name !== 'GaussianMixtureModel')
        return undefined;
      const members = tgmmMembers(probe);
      return { ...headed('element GaussianMixtureModel'), ...(members ? { members } : {}) };
    },
    { reader: async () => (await import('./simple/tgmm.ts')).tgmmReader },
  ),
  xml(
    'multicellds',
    'MultiCellDS',
    (root, _text, probe) => {
      if (root.localName !== 'MultiCellDS') return undefined;
      const members = snapshotMembers(probe);
      return {
        ...headed('root element MultiCellDS'),
        ...(root.attributes.version ? { version: root.attributes.version } : {}),
        ...(members ? { members } : {}),
      };
    },
    { reader: async () => (await import('./simple/multicellds.ts')).multicelldsReader },
  ),
];

import { describe, expect, it } from 'vitest';
import type { TrackSet } from '@micrarium/model';
import { memorySink } from '../../images/ome-zarr/memory-sink.ts';
import { readTrackSets } from '../../tracks/collect.ts';
import { memorySource } from '../../bytes/byte-source.ts';
import type { Item } from '../../recognition/item.ts';
import { bd5Reader } from '../bd5/read-bd5.ts';
import { bd5Writer } from '../bd5/write-bd5.ts';
import { bdmlReader } from './read-bdml.ts';
import { bdmlWriterFor } from './write-bdml.ts';

const xyz = '<xyz><x>1</x><y>2</y><z>3</z></xyz>';
const component = (id: string, time: number, previous: string) =>
  `<component><componentID>${id}</componentID><componentName>n${id}</componentName><time>${time}</time>${previous}` +
  `<measurement><objectRef>nucleus</objectRef><sphere>${xyz}<radius>4</radius></sphere></measurement>` +
  `<measurement><objectRef>cell</objectRef><line><xyzSequence>${xyz}<xyz><x>2</x><y>2</y><z>3</z></xyz></xyzSequence></line></measurement></component>`;
const document = `<?xml version="1.0"?><bdml version="0.18"><data><scaleUnit><xScale>1</xScale><yScale>1</yScale><zScale>1</zScale><xyzUnit>micrometer</xyzUnit><tScale>1</tScale><tUnit>minute</tUnit></scaleUnit><object><objectName>nucleus</objectName></object><object><objectName>cell</objectName></object>${component('a', 0, '')}${component('b', 1, '<prevID>a</prevID>')}</data></bdml>`;

async function read(reader: typeof bdmlReader, bytes: Uint8Array) {
  const entry = { path: 'a', size: bytes.length, open: async () => memorySource('a', bytes) };
  const item: Item = {
    path: 'a',
    files: [entry],
    tree: { name: '', entries: [entry] },
    format: 'bdml',
    recognition: { score: 1, reason: '' },
  };
  return readTrackSets(reader, item);
}

async function written(writer: typeof bd5Writer, sets: readonly TrackSet[]): Promise<Uint8Array> {
  const sink = memorySink();
  await writer.write(sets, sink);
  return sink.files.get('')!;
}

const ids = (sets: readonly TrackSet[]) => sets.map(({ objects }) => objects.columns[0]!.values);
const links = (sets: readonly TrackSet[]) => sets.map(({ edges }) => [...edges.source, ...edges.target]);

describe('one component that is measured as several kinds of object', () => {
  it('keeps its id and its links in BD5 and BDML, there and back', async () => {
    const { sets } = await read(bdmlReader, new TextEncoder().encode(document));
    expect(ids(sets)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ]);
    const bd5 = await read(bd5Reader, await written(bd5Writer, sets));
    expect(bd5.issues).toEqual([]);
    const again = await written(bdmlWriterFor('0.18'), bd5.sets);
    expect(new TextDecoder().decode(again).match(/<component>/g)).toHaveLength(2);
    const back = await read(bdmlReader, again);
    expect(back.issues).toEqual([]);
    for (const one of [bd5.sets, back.sets]) {
      expect(ids(one)).toEqual(ids(sets));
      expect(links(one)).toEqual([
        [0, 1],
        [0, 1],
      ]);
      expect(one[1]!.objects.shapes).toEqual(sets[1]!.objects.shapes);
    }
  });
});

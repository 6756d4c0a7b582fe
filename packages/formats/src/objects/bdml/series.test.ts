import { describe, expect, it } from 'vitest';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { findItems } from '../../recognition/find-items.ts';
import { readTrackSets } from '../../tracks/collect.ts';
import { bdmlReader } from './read-bdml.ts';

const uuid = (n: number) => `00000000-0000-4000-8000-00000000000${n}`;
const document = (id: number, body: string) =>
  `<?xml version="1.0"?><bdml version="0.18" xmlns="http://ssbd.qbic.riken.jp/bdml"><info><bdmlID>${uuid(id)}</bdmlID><title>t${id}</title></info>${body}</bdml>`;
const names = (kind: string, ...ids: number[]) =>
  `<${kind}>${ids.map((id) => `<bdmlIDRef>${uuid(id)}</bdmlIDRef>`).join('')}</${kind}>`;
const point = (id: string, time: number, previous = '') =>
  `<component><componentID>${id}</componentID><time>${time}</time>${previous && `<prevID>${previous}</prevID>`}<measurement><objectRef>cell</objectRef><point><xyz><x>${time}</x><y>2</y><z>3</z></xyz></point></measurement></component>`;
const data = (scale: number, ...points: string[]) =>
  `<data><scaleUnit><xScale>${scale}</xScale><yScale>1</yScale><zScale>1</zScale><xyzUnit>micrometer</xyzUnit><tScale>1</tScale><tUnit>minute</tUnit></scaleUnit><object><objectName>cell</objectName></object>${points.join('')}</data>`;

async function read(files: Readonly<Record<string, string>>, asked: string) {
  const tree = fileTree(
    '',
    Object.entries(files).map(([path, text]) => {
      const bytes = new TextEncoder().encode(text);
      return { path, size: bytes.length, open: async () => memorySource(path, bytes) };
    }),
  );
  const [item] = await findItems(tree, { asked });
  const { sets, issues } = await readTrackSets(bdmlReader, item!);
  return { item: item!, sets, issues, codes: issues.map(({ code }) => code) };
}

describe('documents that name others', () => {
  it('reads the parts of a series as one experiment, with the links between them', async () => {
    const { item, sets, issues } = await read(
      {
        'all.xml': document(1, names('series', 2, 3)),
        'b.xml': document(3, data(1, point('b1', 1, 'a1'))),
        'a.xml': document(2, data(1, point('a1', 0))),
        'other.xml': document(4, data(1, point('x', 0))),
      },
      'all.xml',
    );
    expect(issues).toEqual([]);
    expect(item.files.map(({ path }) => path)).toEqual(['a.xml', 'all.xml', 'b.xml']);
    expect(sets).toHaveLength(1);
    expect(sets[0]!.objects.columns[0]!.values).toEqual(['a1', 'b1']);
    expect([...sets[0]!.objects.frame]).toEqual([0, 1]);
    expect([...sets[0]!.edges.source, ...sets[0]!.edges.target]).toEqual([0, 1]);
    expect(sets[0]!.provenance.settings).toContain('<title>t1</title>');
  });

  it('reads parts that contradict each other one by one, and says so', async () => {
    const { sets, codes } = await read(
      {
        'all.xml': document(1, names('series', 2, 3)),
        'a.xml': document(2, data(1, point('a1', 0))),
        'b.xml': document(3, data(2, point('b1', 1))),
      },
      'all.xml',
    );
    expect(codes).toEqual(['bdml-series-differs']);
    expect(sets.map(({ objects }) => objects.x[0])).toEqual([0, 2]);
  });

  it('reads the documents of a set one by one, and names those that are not there', async () => {
    const { sets, issues } = await read(
      { 'all.xml': document(1, names('set', 2, 5)), 'a.xml': document(2, data(1, point('a1', 0))) },
      'all.xml',
    );
    expect(sets).toHaveLength(1);
    expect(issues).toMatchObject([{ code: 'bdml-refers-elsewhere', severity: 'warning' }]);
    expect(issues[0]!.message).toContain(uuid(5));
    expect(issues[0]!.message).not.toContain(uuid(2));
  });
});

import { expect, test } from 'vitest';
import { importMetadata } from '../exchange/import-metadata.ts';
import { graphOfStudy } from '../graph/graph-of-study.ts';
import { readXml } from '../xml/read-xml.ts';
import { exportOmeXml, readOmeXml, writeOmeXml } from './ome-xml.ts';

const document = `<?xml version="1.0"?>
<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06" UUID="urn:uuid:00000000-0000-0000-0000-000000000000">
  <Rights><RightsHolder>The lab</RightsHolder></Rights>
  <Project ID="Project:1" Name="Wandering"><Description>Cells that wander</Description></Project>
  <Experimenter ID="Experimenter:7" FirstName="Hanako" LastName="Yamada" UserName="hyamada" Email="h@example.org"/>
  <Instrument ID="Instrument:9">
    <Microscope Manufacturer="Zeiss" Model="LSM 880" Type="Inverted" SerialNumber="S-42"/>
    <Laser ID="LightSource:1" Manufacturer="Coherent" Model="Obis" Wavelength="488.0" WavelengthUnit="nm"/>
    <Laser ID="LightSource:2" Model="DPSS"><Pump ID="LightSource:1"/></Laser>
    <Detector ID="Detector:0:0" Manufacturer="Hamamatsu" Model="Orca" Type="CMOS"/>
    <Objective ID="Objective:5" Model="Plan-Apo" LensNA="1.4" NominalMagnification="63.0" WorkingDistance="0.19"/>
    <Objective ID="Objective:0:0" Model="The other"/>
    <Dichroic ID="Dichroic:1" Model="MBS 488"/>
  </Instrument>
  <Image ID="Image:3" Name="film">
    <Description>First film, ask h@example.org</Description>
    <ExperimenterRef ID="Experimenter:7"/>
    <InstrumentRef ID="Instrument:9"/>
    <ObjectiveSettings ID="Objective:5" RefractiveIndex="1.518"/>
    <StageLabel Name="here" X="1.5" XUnit="µm"/>
    <Pixels ID="Pixels:3" DimensionOrder="XYZCT" Type="uint8" SizeX="8" SizeY="8" SizeZ="1" SizeC="1" SizeT="1" BigEndian="false">
      <Channel ID="Channel:3:0" Name="GFP" Color="16711935"><LightSourceSettings ID="LightSource:2" Attenuation="0.5"/></Channel>
      <TiffData IFD="0"/>
      <Plane TheZ="0" TheT="0" TheC="0" ExposureTime="0.1"/>
    </Pixels>
    <AnnotationRef ID="Annotation:1"/>
    <AnnotationRef ID="Annotation:gone"/>
  </Image>
  <StructuredAnnotations>
    <XMLAnnotation ID="Annotation:1" Namespace="example.org/x">
      <Value><x:note xmlns:x="http://example.org/x" x:by="me">some <x:b>mixed</x:b> text &amp; more</x:note></Value>
    </XMLAnnotation>
  </StructuredAnnotations>
  <Lens:Settings xmlns:Lens="http://example.org/lens" Tilt="3"/>
</OME>`;

const given = [
  '<RightsHolder>The lab</RightsHolder>',
  '<Project ID="Project:1" Name="Wandering">',
  'UserName="hyamada"',
  'SerialNumber="S-42"',
  '<Laser ID="LightSource:1" Manufacturer="Coherent" Model="Obis" Wavelength="488.0" WavelengthUnit="nm"/>',
  '<Pump ID="LightSource:1"/>',
  'WorkingDistance="0.19"',
  'Model="The other"',
  'RefractiveIndex="1.518"',
  '<StageLabel Name="here" X="1.5" XUnit="µm"/>',
  'Color="16711935"',
  '<LightSourceSettings ID="LightSource:2" Attenuation="0.5"/>',
  'ExposureTime="0.1"',
  '<AnnotationRef ID="Annotation:1"/>',
  'some <b>mixed</b> text &amp; more</note>',
  'xmlns="http://example.org/x"',
  '<Settings xmlns="http://example.org/lens" Tilt="3"/>',
];

function expectGivenBack(text: string): void {
  expect(given.filter((part) => !text.includes(part))).toEqual([]);
  // Ours stands for them no more; pixels, addresses and what leads nowhere are left out.
  for (const absent of ['GenericExcitationSource', 'TiffData', 'h@example.org', 'Annotation:gone', 'urn:uuid'])
    expect([absent, text.includes(absent)]).toEqual([absent, false]);
  const read = readXml(text);
  if ('fault' in read) throw new Error(read.fault.reason);
  const ids = [...text.matchAll(/<(?!\w*Ref|\w*Settings|Pump)\w+ ID="([^"]*)"/g)].map((match) => match[1]);
  expect(new Set(ids).size).toBe(ids.length);
  const [person] = /<ExperimenterRef ID="([^"]*)"/.exec(text)!.slice(1);
  expect(text).toMatch(new RegExp(`<Experimenter ID="${person}" FirstName="Hanako"`));
}

test('what OME-XML says and we do not is kept, and given back in the order of the schema', () => {
  const { graph, issues } = readOmeXml(document);
  expect(issues).toEqual([]);
  expectGivenBack(
    writeOmeXml({
      ...graph,
      datasets: [{ key: 'd', title: 'D', tuples: [{ acquisition: 'acquisition-1' }] }],
      images: graph.images.map((one) => ({ ...one, dataset: 'd' })),
    }),
  );
  // Our own writing keeps nothing more when it is read again.
  expect(readOmeXml(writeOmeXml({ ...graph, kept: {} })).graph.kept).toBeUndefined();
});

test('it goes through the form and a published study; what was edited since stays edited', () => {
  const read = importMetadata(new Map([['it.ome', document]]));
  if (!('name' in read)) throw new Error(JSON.stringify(read.issues));
  expect(read.unread.map(({ place }) => place).filter((place) => place.startsWith('ome-xml'))).toEqual([]);
  const publish = (microscope: string) =>
    graphOfStudy({
      metadata: { values: { ...read.values, microscope, title: 'A study', kept: read.kept! }, origins: {} },
      files: [],
      items: [
        {
          id: 'i',
          path: 'film.ome.tif',
          format: 'ome-tiff',
          files: ['film.ome.tif'],
          images: [
            {
              name: 'called otherwise here',
              sizes: { x: 8, y: 8, z: 1, c: 1, t: 1 },
              type: 'uint8',
              channels: [{ name: 'GFP' }],
            },
          ],
        },
      ] as unknown as Parameters<typeof graphOfStudy>[0]['items'],
      datasets: [{ id: 'd', title: 'Films', imageItems: ['i'], quantitativeItems: [] }],
    });
  const line = String(read.values['microscope']);
  expectGivenBack(writeOmeXml(publish(line)));
  const edited = exportOmeXml(publish(line.replace(/light source: [^;]*/, 'light source: a lamp')));
  expect(edited.document).toContain('Model="a lamp"');
  expect(edited.document).not.toContain('Obis');
  expect(edited.document).not.toContain('LightSourceSettings');
  expect(edited.losses.map(({ code }) => code)).toContain('kept-part-unplaced');
});

test('kept values that are no XML do no harm', () => {
  const { graph } = readOmeXml(document);
  const now = [[['<bad name>', {}]], [['Ok', { 'un:declared': 'x', 'b d': 'y', Fine: '1' }, ['x"', {}]]]];
  const kept = { 'ome-xml': now.map((one, at) => ({ path: [`<Bad${at}>`], now: one })) };
  const text = writeOmeXml({ ...graph, kept });
  expect(text).toContain('<Ok Fine="1"/>');
  expect('root' in readXml(text)).toBe(true);
});

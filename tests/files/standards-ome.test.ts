import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emptyGraph, readOmeXml, type StudyGraph, writeOmeXml } from '@micrarium/standards';
import { expect, test } from 'vitest';

const schema = join(import.meta.dirname, '../../../shared/data/schemas/ome/ome-2016-06.xsd');
const canCheck = existsSync(schema) && spawnSync('xmllint', ['--version']).status === 0;
if (!canCheck) console.warn('the schema of OME-XML or xmllint is not there: OME-XML is not checked by it');

const graph: StudyGraph = {
  ...emptyGraph(),
  contributors: [{ key: 'c-1', firstName: 'Hanako', lastName: 'Yamada', organisations: ['o-1'] }],
  organisations: [{ key: 'o-1', name: 'Example University' }],
  acquisitions: [
    {
      key: 'acquisition-1',
      title: 'Zeiss LSM 880',
      instrument: 'Zeiss LSM 880',
      microscope: {
        manufacturer: 'Zeiss',
        model: 'LSM 880',
        objective: 'Plan-Apo',
        magnification: 63,
        numericalAperture: 1.4,
        immersion: 'Oil',
        detector: 'GaAsP',
        lightSource: 'Argon laser',
        filters: 'BP 500-550',
      },
    },
  ],
  datasets: [{ key: 'd', title: 'D', tuples: [{ acquisition: 'acquisition-1' }] }],
  images: [
    {
      key: 'image-1',
      name: 'film & more',
      dataset: 'd',
      pixelType: 'uint16',
      sizes: { x: 512, y: 256, z: 3, c: 1, t: 10 },
      pixelSize: { x: { value: 0.1, unit: 'micrometer' }, y: { value: 0.1, unit: 'micrometer' } },
      timeStep: { value: 5, unit: 'minute' },
      channels: [{ name: 'GFP', fluorophore: 'EGFP', excitationNanometers: 488, emissionNanometers: 509 }],
      acquiredAt: '2026-11-21T10:00:00Z',
    },
  ],
};

/** With much that we have no place for: it is kept and given back where the schema wants it. */
const foreign = `<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
<Project ID="Project:1" Name="P"/><Dataset ID="Dataset:1"><ImageRef ID="Image:9"/></Dataset>
<Experimenter ID="Experimenter:5" FirstName="Hanako" LastName="Yamada" UserName="hy"/>
<Instrument ID="Instrument:3"><Microscope Manufacturer="Zeiss" Model="LSM 880" SerialNumber="1"/>
<Laser ID="LightSource:4" Model="Obis" Wavelength="488" WavelengthUnit="nm"/><Objective ID="Objective:8" Model="Plan-Apo" WorkingDistance="1"/>
<FilterSet ID="FilterSet:1"><ExcitationFilterRef ID="Filter:1"/></FilterSet><Filter ID="Filter:1" Model="BP"/></Instrument>
<Image ID="Image:9" Name="film"><ExperimenterRef ID="Experimenter:5"/><Description>D</Description><InstrumentRef ID="Instrument:3"/>
<ObjectiveSettings ID="Objective:8" Medium="Oil"/><StageLabel Name="s"/>
<Pixels ID="Pixels:9" DimensionOrder="XYCZT" Type="uint16" SizeX="512" SizeY="256" SizeZ="3" SizeC="1" SizeT="10" SignificantBits="12">
<Channel ID="Channel:9" Color="-1"><LightSourceSettings ID="LightSource:4" Attenuation="0.5"/><FilterSetRef ID="FilterSet:1"/></Channel>
<TiffData/><Plane TheZ="0" TheT="0" TheC="0" DeltaT="1"/></Pixels><ROIRef ID="ROI:1"/><AnnotationRef ID="Annotation:1"/></Image>
<StructuredAnnotations><CommentAnnotation ID="Annotation:1"><Value>hello</Value></CommentAnnotation></StructuredAnnotations>
<ROI ID="ROI:1"><Union><Point ID="Shape:1" X="1" Y="2"/></Union></ROI></OME>`;

test.runIf(canCheck)('OME-XML of a study is taken by the schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ome-'));
  const path = join(folder, 'study.ome.xml');
  const { kept } = readOmeXml(foreign).graph;
  for (const one of [graph, { ...graph, kept: kept! }, { ...emptyGraph(), images: [{ key: 'i', name: 'bare' }] }]) {
    writeFileSync(path, writeOmeXml(one));
    expect(() =>
      execFileSync('xmllint', ['--nonet', '--noout', '--schema', schema, path], { stdio: 'pipe' }),
    ).not.toThrow();
  }
  const given = writeOmeXml({ ...graph, kept: kept! });
  for (const part of ['<Point ID="Shape:1"', 'hello', 'SignificantBits="12"', 'DeltaT="1"', 'Wavelength="488"'])
    expect([part, given.includes(part)]).toEqual([part, true]);
  rmSync(folder, { recursive: true });
});

test('it is read again with its microscope and pixels', () => {
  const { graph: back, issues } = readOmeXml(writeOmeXml(graph));
  expect(issues).toEqual([]);
  expect(back.acquisitions).toEqual(graph.acquisitions);
  const { dataset: _, ...image } = graph.images[0]!;
  expect(back.images).toEqual([{ ...image, acquiredAt: '2026-11-21T10:00:00' }]);
  expect(readOmeXml('<x/>').issues.map(({ code }) => code)).toEqual(['metadata-other-standard']);
});

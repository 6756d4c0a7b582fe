import { describe, expect, test } from 'vitest';
import type { PixelBlock } from '@micrarium/model';
import { memorySource } from '../../bytes/byte-source.ts';
import { fileTree } from '../../bytes/file-tree.ts';
import { probeEntry } from '../../recognition/probe.ts';
import type { OpenedImages } from '../image-reader.ts';
import { tiffFormats } from './descriptors.ts';
import { tiffReader } from './reader.ts';
import { type PageToBuild, buildTiff } from './tiff-for-tests.ts';

function ome(pixels: string, inside: string, uuid = ''): string {
  return `<?xml version="1.0"?><OME:OME xmlns:OME="http://www.openmicroscopy.org/Schemas/OME/2013-06" ${uuid}>
    <OME:Instrument ID="I"><OME:Microscope Manufacturer="Zeiss" Model="LSM"/><OME:Objective ID="O" NominalMagnification="63" LensNA="1.4" Immersion="Oil"/></OME:Instrument>
    <OME:Image ID="Image:0" Name="cells"><OME:AcquisitionDate>2020-02-03T04:05:06</OME:AcquisitionDate><OME:InstrumentRef ID="I"/><OME:ObjectiveSettings ID="O"/>
    <OME:Pixels ID="P" SizeX="2" SizeY="1" Type="uint8" ${pixels}>${inside}</OME:Pixels></OME:Image></OME:OME>`;
}

const page = (value: number, more: Partial<PageToBuild> = {}): PageToBuild => ({
  width: 2,
  height: 1,
  bits: 8,
  values: [value, value + 100],
  ...more,
});

function treeOf(files: Record<string, Uint8Array>) {
  return fileTree(
    '',
    Object.entries(files).map(([path, bytes]) => ({
      path,
      size: bytes.length,
      open: async () => memorySource(path, bytes),
    })),
  );
}

async function open(files: Record<string, Uint8Array>, path: string): Promise<OpenedImages> {
  const tree = treeOf(files);
  const item = {
    path,
    files: tree.entries,
    tree,
    format: 'ome-tiff' as const,
    recognition: { score: 1, reason: 'test' },
  };
  return tiffReader.open(item);
}

async function recognise(files: Record<string, Uint8Array>, path: string) {
  const tree = treeOf(files);
  const probe = await probeEntry(tree.entries.find((entry) => entry.path === path)!, tree);
  return tiffFormats.find((format) => format.id === 'ome-tiff')!.recognise!(probe);
}

const value = (block: PixelBlock): number => Number(block.data[0]);

describe('planes of OME-TIFF', () => {
  test.each([
    ['XYCZT', 1 + 2 * (2 + 3 * 1)],
    ['XYZCT', 2 + 3 * (1 + 2 * 1)],
    ['XYTZC', 1 + 2 * (2 + 3 * 1)],
    ['XYZTC', 2 + 3 * (1 + 2 * 1)],
  ])('%s without TiffData counts from the first directory', async (order, at) => {
    const pages = Array.from({ length: 12 }, (_, index) => page(index));
    pages[0]!.description = ome(`DimensionOrder="${order}" SizeC="2" SizeZ="3" SizeT="2"`, '');
    const { images } = await open({ 'a.tif': buildTiff({ pages }) }, 'a.tif');
    expect(value(await images[0]!.readRegion({ t: 1, c: 1, z: 2 }))).toBe(at);
  });

  test('TiffData with IFD, PlaneCount and first places is followed', async () => {
    const pages = [3, 2, 1, 0].map((index) => page(index));
    const data = [0, 1, 2, 3].map((t) => `<OME:TiffData IFD="${3 - t}" FirstT="${t}"/>`).join('');
    pages[0]!.description = ome('DimensionOrder="XYCZT" SizeC="1" SizeZ="1" SizeT="4"', data);
    const { images } = await open({ 'a.tif': buildTiff({ pages }) }, 'a.tif');
    for (let t = 0; t < 4; t++) expect(value(await images[0]!.readRegion({ t, c: 0, z: 0 }))).toBe(t);
  });

  test('further axes that annotations tell of are found, whoever wrote them, and impossible ones passed over', async () => {
    const modulo = (inside: string): string =>
      `<SA:StructuredAnnotations xmlns:SA="s"><SA:XMLAnnotation ID="A" Namespace="openmicroscopy.org/omero/dimension/modulo"><SA:Value><Modulo namespace="http://www.openmicroscopy.org/Schemas/Additions/2011-09">${inside}</Modulo></SA:Value></SA:XMLAnnotation></SA:StructuredAnnotations>`;
    const opened = async (inside: string) => {
      const pages = Array.from({ length: 12 }, (_, index) => page(index));
      const pixels = 'DimensionOrder="XYCZT" SizeC="6" SizeZ="1" SizeT="2"';
      pages[0]!.description = ome(pixels, '').replace('</OME:OME>', `${modulo(inside)}</OME:OME>`);
      return (await open({ 'a.tif': buildTiff({ pages }) }, 'a.tif')).images[0]!;
    };
    const spectral = await opened('<ModuloAlongC Type="lambda" Unit="nm" Start="500" End="520" Step="10"/>');
    expect(spectral.description.sizes).toEqual({ t: 2, c: 2, z: 1, y: 1, x: 2, lambda: 3 });
    expect(spectral.description.furtherAxes).toEqual({ lambda: { start: 500, step: 10, unit: 'nanometer' } });
    expect(value(await spectral.readRegion({ t: 1, c: 1, z: 0, other: { lambda: 2 } }))).toBe(11);
    expect(value(await spectral.readRegion({ t: 0, c: 1, z: 0, other: { lambda: 0 } }))).toBe(3);
    const labels = await opened('<ModuloAlongT Type="phase"><Label>a</Label><Label>b</Label></ModuloAlongT>');
    expect(labels.description).toMatchObject({
      sizes: { t: 1, c: 6, phase: 2 },
      furtherAxes: { phase: { labels: ['a', 'b'] } },
    });
    const odd = await opened(
      '<ModuloAlongC Type="lambda" Start="0" End="3" Step="1"/><ModuloAlongZ Type="x" Start="0" End="9e99" Step="0"/>',
    );
    expect(odd.description.sizes).toEqual({ t: 2, c: 6, z: 1, y: 1, x: 2 });
  });

  test('the description is complete', async () => {
    const pixels = `DimensionOrder="XYCZT" SizeC="2" SizeZ="1" SizeT="3" PhysicalSizeX="100" PhysicalSizeXUnit="nm" PhysicalSizeY="0.1" PhysicalSizeZ="0" SignificantBits="7"`;
    const inside = `<OME:Channel Name="GFP" Color="16711935" ExcitationWavelength="488" EmissionWavelength="0.51" EmissionWavelengthUnit="µm" Fluor="EGFP"/><OME:Channel/>
      <OME:Plane TheT="0" TheC="0" TheZ="0" DeltaT="10" ExposureTime="200" ExposureTimeUnit="ms"/><OME:Plane TheT="1" TheC="0" TheZ="0" DeltaT="20.1"/><OME:Plane TheT="2" TheC="0" TheZ="0" DeltaT="30"/>`;
    const pages = Array.from({ length: 6 }, (_, index) => page(index));
    pages[0]!.description = ome(pixels, inside);
    const { images, issues, formatVersion, rawMetadata } = await open({ 'a.tif': buildTiff({ pages }) }, 'a.tif');
    expect(formatVersion).toBe('2013-06');
    expect(rawMetadata?.text).toContain('LSM');
    expect(images[0]!.description).toEqual({
      name: 'cells',
      planeTimes: [0, 10.1, 20],
      sizes: { t: 3, c: 2, z: 1, y: 1, x: 2 },
      type: 'uint8',
      voxelSize: { y: { value: 0.1, unit: 'micrometer' }, x: { value: 0.1, unit: 'micrometer' } },
      timeStep: { value: 10, unit: 'second' },
      timeOffset: { value: 10, unit: 'second' },
      channels: [
        {
          name: 'GFP',
          color: '00FF00',
          fluorophore: 'EGFP',
          excitationNanometers: 488,
          emissionNanometers: 510,
          exposureSeconds: 0.2,
        },
        { name: '' },
      ],
      acquiredAt: '2020-02-03T04:05:06',
      instrument: {
        manufacturer: 'Zeiss',
        model: 'LSM',
        objective: { magnification: 63, numericalAperture: 1.4, immersion: 'Oil' },
      },
      significantBits: 7,
    });
    expect(issues.map((issue) => issue.code)).toEqual(['channels-unnamed']);
  });

  test('RGB is one channel of three samples; unlisted samples are channels', async () => {
    const rgb = { samples: 3, photometric: 2, values: [1, 2, 3, 4, 5, 6] };
    const listed = ome('DimensionOrder="XYCZT" SizeC="3" SizeZ="1" SizeT="1"', '<OME:Channel SamplesPerPixel="3"/>');
    const one = await open({ 'a.tif': buildTiff({ pages: [page(0, { ...rgb, description: listed })] }) }, 'a.tif');
    expect(one.images[0]!.description).toMatchObject({ sizes: { c: 1 }, samples: 3 });
    expect([...(await one.images[0]!.readRegion({ t: 0, c: 0, z: 0 })).data]).toEqual([1, 2, 3, 4, 5, 6]);
    const unlisted = ome('DimensionOrder="XYCZT" SizeC="3" SizeZ="1" SizeT="1"', '');
    const many = await open({ 'a.tif': buildTiff({ pages: [page(0, { ...rgb, description: unlisted })] }) }, 'a.tif');
    expect(many.images[0]!.description.sizes.c).toBe(3);
    expect([...(await many.images[0]!.readRegion({ t: 0, c: 2, z: 0 })).data]).toEqual([3, 6]);
  });

  test('pages that are missing are said and shown as 0', async () => {
    const pages = [page(5, { description: ome('DimensionOrder="XYCZT" SizeC="1" SizeZ="3" SizeT="1"', '') }), page(6)];
    const { images, issues } = await open({ 'a.tif': buildTiff({ pages }) }, 'a.tif');
    expect(issues.find((issue) => issue.code === 'planes-missing')?.severity).toBe('error');
    expect(value(await images[0]!.readRegion({ t: 0, c: 0, z: 1 }))).toBe(6);
    expect([...(await images[0]!.readRegion({ t: 0, c: 0, z: 2 })).data]).toEqual([0, 0]);
  });

  test('broken XML keeps what stood before the fault; absurd sizes are left out', async () => {
    const broken = ome('DimensionOrder="XYCZT" SizeC="1" SizeZ="1" SizeT="1"', '').replace(
      '</OME:Image>',
      '</OME:Oops>',
    );
    const one = await open({ 'a.tif': buildTiff({ pages: [page(5, { description: broken })] }) }, 'a.tif');
    expect(one.issues.map((issue) => issue.code)).toContain('ome-xml-broken');
    expect(one.images).toHaveLength(1);
    const absurd = ome('DimensionOrder="XYCZT" SizeC="1" SizeZ="99999999" SizeT="99999999"', '');
    const two = await open({ 'a.tif': buildTiff({ pages: [page(5, { description: absurd })] }) }, 'a.tif');
    expect(two.issues.map((issue) => issue.code)).toContain('ome-pixels-incomplete');
  });
});

describe('sets of files', () => {
  const data = [0, 1, 2]
    .map(
      (t) =>
        `<OME:TiffData IFD="0" FirstT="${t}" PlaneCount="1"><OME:UUID FileName="set_${t}.tif">urn:uuid:${t}</OME:UUID></OME:TiffData>`,
    )
    .join('');
  const member = (t: number): Uint8Array =>
    buildTiff({
      pages: [
        page(t + 1, {
          description: ome('DimensionOrder="XYCZT" SizeC="1" SizeZ="1" SizeT="3"', data, `UUID="urn:uuid:${t}"`),
        }),
      ],
    });
  const whole = {
    'd/set_0.tif': member(0),
    'd/set_1.tif': member(1),
    'd/set_2.tif': member(2),
    'd/other.tif': buildTiff({ pages: [page(0)] }),
  };

  test.each([0, 1, 2])('member %i is the set', async (t) => {
    const path = `d/set_${t}.tif`;
    expect((await recognise(whole, path))?.members).toEqual(['d/set_0.tif', 'd/set_1.tif', 'd/set_2.tif']);
    const { images, issues } = await open(whole, path);
    expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    expect(images).toHaveLength(1);
    for (let frame = 0; frame < 3; frame++)
      expect(value(await images[0]!.readRegion({ t: frame, c: 0, z: 0 }))).toBe(frame + 1);
  });

  test('a missing member is an error that names it, its planes are 0', async () => {
    const { images, issues } = await open({ 'd/set_0.tif': member(0), 'd/set_2.tif': member(2) }, 'd/set_2.tif');
    const missing = issues.filter((issue) => issue.code === 'set-member-missing');
    expect(missing.map((issue) => issue.where.file)).toEqual(['set_1.tif']);
    expect(value(await images[0]!.readRegion({ t: 0, c: 0, z: 0 }))).toBe(1);
    expect([...(await images[0]!.readRegion({ t: 1, c: 0, z: 0 })).data]).toEqual([0, 0]);
    expect(value(await images[0]!.readRegion({ t: 2, c: 0, z: 0 }))).toBe(3);
  });

  test('a missing companion is an error; the pages can still be seen', async () => {
    const description =
      '<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><BinaryOnly MetadataFile="x.companion.ome" UUID="u"/></OME>';
    const { images, issues } = await open({ 'a.tif': buildTiff({ pages: [page(9, { description })] }) }, 'a.tif');
    expect(issues.find((issue) => issue.code === 'ome-companion-missing')?.message).toContain('x.companion.ome');
    expect(value(await images[0]!.readRegion({ t: 0, c: 0, z: 0 }))).toBe(9);
  });

  test('a single file under another name is itself', async () => {
    const inside = '<OME:TiffData IFD="0"><OME:UUID FileName="old.tif">urn:uuid:7</OME:UUID></OME:TiffData>';
    const description = ome('DimensionOrder="XYCZT" SizeC="1" SizeZ="1" SizeT="1"', inside);
    const { images, issues } = await open({ 'new.tif': buildTiff({ pages: [page(4, { description })] }) }, 'new.tif');
    expect(issues.filter((issue) => issue.severity === 'error')).toEqual([]);
    expect(value(await images[0]!.readRegion({ t: 0, c: 0, z: 0 }))).toBe(4);
  });
});

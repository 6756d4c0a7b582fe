import { expect, test } from 'vitest';
import { readOmeRegions } from './read-regions.ts';

const maskXml = (data: string, extra = '') =>
  `<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
    <Image ID="Image:0" Name="a.tif"><ROIRef ID="ROI:0"/></Image>
    <ROI ID="ROI:0" Name="cell"><Union>
      <Mask ID="Shape:0" X="10" Y="20" Width="3" Height="3" TheZ="2" Text="m"${extra}>${data}</Mask>
    </Union></ROI></OME>`;
const bin = (bytes: Uint8Array | number[], more = '') =>
  `<BinData BigEndian="false" Length="${bytes.length}"${more}>${btoa(String.fromCharCode(...bytes))}</BinData>`;

test('a mask is drawn as it is, with its hole, from bits, bytes and packed bits; without them by its box', () => {
  // ###
  // #.#   nine bits, the highest of each byte first
  // ###
  const ring = {
    path: [12.5, 19.5, 12.5, 22.5, 9.5, 22.5, 9.5, 19.5],
    holes: [[11.5, 21.5, 11.5, 20.5, 10.5, 20.5, 10.5, 21.5]],
    isClosed: true,
    isMask: true,
    z: 2,
    text: 'm',
  };
  const bits = [0b11110111, 0b10000000];
  const shapesOf = (xml: string, means = {}) => readOmeRegions(xml, means)[0]!.shapes;
  expect(shapesOf(maskXml(bin(bits)))).toEqual([ring]);
  expect(shapesOf(maskXml(bin([1, 255, 1, 1, 0, 1, 1, 1, 1])))).toEqual([ring]);
  const zlib = ' Compression="zlib"';
  const inflate = (packed: Uint8Array, most: number) => {
    expect([...packed]).toEqual([7, 8]);
    expect(most).toBe(9);
    return Uint8Array.from(bits);
  };
  expect(shapesOf(maskXml(bin([7, 8], zlib)), { inflate })).toEqual([ring]);
  expect(shapesOf(maskXml(bin([7, 8], ' Compression="bzip2"')), { bunzip2: inflate })).toEqual([ring]);
  const box = { path: [9.5, 19.5, 12.5, 19.5, 12.5, 22.5, 9.5, 22.5], isClosed: true, z: 2, text: 'm' };
  for (const data of ['', bin([7, 8], zlib), bin([1]), '<BinData>%%%</BinData>', bin([7, 8], ' Compression="bzip2"')])
    expect(shapesOf(maskXml(data))).toEqual([box]);
  expect(shapesOf(maskXml(bin([0b10000000, 0b10000000])))).toHaveLength(2);
});

test('regions of OME-XML are paths in the planes they name, half a pixel towards the centres', () => {
  const xml = `<OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06">
    <Image ID="Image:0" Name="a.tif"/>
    <Image ID="Image:1" Name="b.tif"><ROIRef ID="ROI:0"/></Image>
    <ROI ID="ROI:0" Name="nucleus"><Union>
      <Rectangle ID="Shape:0" X="10" Y="20" Width="4" Height="2" TheT="3" TheZ="1" Text="here"/>
      <Polygon ID="Shape:1" Points="0,0 4,0 4,4"/>
      <Line ID="Shape:2" X1="0" Y1="0" X2="1" Y2="1"><Transform A00="2" A10="0" A01="0" A11="2" A02="5" A12="6"/></Line>
      <Ellipse ID="Shape:3" X="8" Y="8" RadiusX="4" RadiusY="2"/>
      <Point ID="Shape:4" X="0.5" Y="1.5"/>
      <Polyline ID="Shape:5" Points="0,0 x,1"/>
    </Union></ROI>
    <ROI ID="ROI:1"><Union><Point ID="Shape:6" X="1" Y="1"/></Union></ROI></OME>`;
  const [region, ...others] = readOmeRegions(xml);
  expect(others).toEqual([]);
  expect(region).toMatchObject({ name: 'nucleus', image: 'b.tif', imageIndex: 1 });
  const [rectangle, polygon, line, ellipse, point, ...rest] = region!.shapes;
  expect(rectangle).toEqual({
    path: [9.5, 19.5, 13.5, 19.5, 13.5, 21.5, 9.5, 21.5],
    isClosed: true,
    t: 3,
    z: 1,
    text: 'here',
  });
  expect(polygon).toEqual({ path: [-0.5, -0.5, 3.5, -0.5, 3.5, 3.5], isClosed: true });
  expect(line).toEqual({ path: [4.5, 5.5, 6.5, 7.5], isClosed: false });
  expect(ellipse!.path.slice(0, 2)).toEqual([11.5, 7.5]);
  expect(point).toEqual({ path: [0, 1], isClosed: false });
  expect(rest).toEqual([]);
  expect(readOmeRegions('<OME><ROI/>')).toEqual([]);
  expect(readOmeRegions('no')).toEqual([]);
});

import type { Quantity } from '@micrarium/model';
import { exchangeIssue, type Exported, type Imported, lossesOf, unplacedIssues } from '../exchange/exchange.ts';
import { emptyGraph, type ImageNode, type MicroscopeNode, type StudyGraph } from '../graph/study-graph.ts';
import { filled } from '../json/json.ts';
import { childOf, childrenOf, readXml, textWithin, type XmlElement } from '../xml/read-xml.ts';
import { type XmlNode, writeXml } from '../xml/write-xml.ts';
import { keptOfOme, omeNamespace as namespace } from './kept-elements.ts';
import { restoredOme } from './ome-tree.ts';

/** Pixel types as the schema names them, by numpy's names. */
const pixelTypes: Readonly<Record<string, string>> = {
  int8: 'int8',
  int16: 'int16',
  int32: 'int32',
  uint8: 'uint8',
  uint16: 'uint16',
  uint32: 'uint32',
  float32: 'float',
  float64: 'double',
  complex64: 'complex',
  complex128: 'double-complex',
  bool: 'bit',
};
const units: Readonly<Record<string, string>> = {
  micrometer: 'µm',
  nanometer: 'nm',
  millimeter: 'mm',
  centimeter: 'cm',
  meter: 'm',
  angstrom: 'Å',
  pixel: 'pixel',
  second: 's',
  millisecond: 'ms',
  minute: 'min',
  hour: 'h',
  day: 'd',
  microsecond: 'µs',
  nanosecond: 'ns',
};
const immersions = ['Oil', 'Water', 'WaterDipping', 'Air', 'Multi', 'Glycerol', 'Other'];
const stands = ['Upright', 'Inverted', 'Dissection', 'Electrophysiology', 'Other'];

const scaled = (name: string, length: Quantity | undefined): Record<string, string> =>
  length && length.value > 0 && units[length.unit] !== undefined
    ? { [name]: String(length.value), [`${name}Unit`]: units[length.unit]! }
    : {};

/** Name that parts of an imported document are kept under. */
const keptName = 'ome-xml';

/**
 * The images of a study and their microscopes as OME-XML 2016-06 without pixels: one `Image` each, `MetadataOnly`; with
 * what an import of OME-XML kept.
 */
export function writeOmeXml(graph: StudyGraph): string {
  return writeXml(restoredOme(documentOf(graph), graph.kept?.[keptName] ?? []).document);
}

/** The same, with what it could not express and kept parts that lost their place. */
export function exportOmeXml(graph: StudyGraph): Exported<string> {
  const written = documentOf(graph);
  const { document, unplaced } = restoredOme(written, graph.kept?.[keptName] ?? []);
  const back = readOmeXml(writeXml(written)).graph;
  return { document: writeXml(document), losses: [...lossesOf(keptName, graph, back), ...unplacedIssues(unplaced)] };
}

function documentOf(graph: StudyGraph): XmlNode {
  const experimenters = graph.contributors.map(
    (one, index): XmlNode => [
      'Experimenter',
      {
        ID: `Experimenter:${index}`,
        FirstName: one.firstName,
        LastName: one.lastName ?? one.name,
        Institution: graph.organisations.find(({ key }) => key === one.organisations?.[0])?.name,
      },
    ],
  );
  const scopes = graph.acquisitions.filter(({ microscope }) => microscope !== undefined);
  const instruments = scopes.map(({ microscope }, index) => instrument(microscope!, index));
  const instrumentOf = (image: ImageNode): number => {
    const tuples = graph.datasets.find(({ key }) => key === image.dataset)?.tuples ?? [];
    return scopes.findIndex(({ key }) => tuples.some((tuple) => tuple.acquisition === key));
  };
  const images = graph.images.map((image, index) => imageNode(image, index, instrumentOf(image), scopes));
  return [
    'OME',
    {
      xmlns: namespace,
      'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
      'xsi:schemaLocation': `${namespace} ${namespace}/ome.xsd`,
      Creator: 'Micrarium',
    },
    ...experimenters,
    ...instruments,
    ...images,
  ];
}

function instrument(scope: MicroscopeNode, index: number): XmlNode {
  const hasObjective =
    scope.objective !== undefined || scope.magnification !== undefined || scope.numericalAperture !== undefined;
  return [
    'Instrument',
    { ID: `Instrument:${index}` },
    [
      'Microscope',
      { Manufacturer: scope.manufacturer, Model: scope.model, Type: stands.find((one) => one === scope.type) },
    ],
    ...(scope.lightSource === undefined
      ? []
      : [['GenericExcitationSource', { ID: `LightSource:${index}:0`, Model: scope.lightSource }] as XmlNode]),
    ...(scope.detector === undefined
      ? []
      : [['Detector', { ID: `Detector:${index}:0`, Model: scope.detector }] as XmlNode]),
    ...(hasObjective
      ? [
          [
            'Objective',
            {
              ID: `Objective:${index}:0`,
              Model: scope.objective,
              Immersion:
                scope.immersion === undefined
                  ? undefined
                  : (immersions.find((one) => one.toLowerCase() === scope.immersion!.toLowerCase()) ?? 'Other'),
              LensNA: scope.numericalAperture === undefined ? undefined : String(scope.numericalAperture),
              NominalMagnification: scope.magnification === undefined ? undefined : String(scope.magnification),
            },
          ] as XmlNode,
        ]
      : []),
    ...(scope.filters === undefined ? [] : [['Filter', { ID: `Filter:${index}:0`, Model: scope.filters }] as XmlNode]),
  ];
}

function imageNode(image: ImageNode, index: number, at: number, scopes: StudyGraph['acquisitions']): XmlNode {
  const { x = 1, y = 1, z = 1, c = 1, t = 1 } = image.sizes ?? {};
  const scope = scopes[at]?.microscope;
  const hasObjective =
    scope !== undefined &&
    (scope.objective !== undefined || scope.magnification !== undefined || scope.numericalAperture !== undefined);
  const channels = Array.from({ length: c }, (_, number): XmlNode => {
    const channel = image.channels?.[number];
    const wavelength = (name: string, value: number | undefined) =>
      value !== undefined && value > 0 ? { [name]: String(value), [`${name}Unit`]: 'nm' } : {};
    return [
      'Channel',
      {
        ID: `Channel:${index}:${number}`,
        Name: channel?.name,
        SamplesPerPixel: '1',
        Fluor: channel?.fluorophore,
        ...wavelength('ExcitationWavelength', channel?.excitationNanometers),
        ...wavelength('EmissionWavelength', channel?.emissionNanometers),
      },
    ];
  });
  const date = image.acquiredAt?.replace(/Z$|[+-]\d{2}:?\d{2}$/, '');
  return [
    'Image',
    { ID: `Image:${index}`, Name: image.name },
    ...(date !== undefined && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?$/.test(date)
      ? [['AcquisitionDate', {}, date] as XmlNode]
      : []),
    ...(at < 0 ? [] : [['InstrumentRef', { ID: `Instrument:${at}` }] as XmlNode]),
    ...(hasObjective ? [['ObjectiveSettings', { ID: `Objective:${at}:0` }] as XmlNode] : []),
    [
      'Pixels',
      {
        ID: `Pixels:${index}`,
        DimensionOrder: 'XYZCT',
        Type: pixelTypes[image.pixelType ?? ''] ?? 'uint8',
        SizeX: String(x),
        SizeY: String(y),
        SizeZ: String(z),
        SizeC: String(c),
        SizeT: String(t),
        ...scaled('PhysicalSizeX', image.pixelSize?.x),
        ...scaled('PhysicalSizeY', image.pixelSize?.y),
        ...scaled('PhysicalSizeZ', image.pixelSize?.z),
        ...scaled('TimeIncrement', image.timeStep),
      },
      ...channels,
      ['MetadataOnly', {}],
    ],
  ];
}

/** Images, microscopes and experimenters of an OME-XML document of any version, for filling a study. */
export function readOmeXml(text: string): Imported {
  const graph = emptyGraph();
  const read = readXml(text);
  if ('fault' in read)
    return {
      graph,
      issues: [
        exchangeIssue('metadata-unreadable', `This is no XML: ${read.fault.reason}`, {
          where: { line: read.fault.line },
        }),
      ],
    };
  const { root } = read;
  if (root.name !== 'OME')
    return { graph, issues: [exchangeIssue('metadata-other-standard', `The root element is ${root.name}, not OME`)] };
  childrenOf(root, 'Experimenter').forEach(({ attributes }, index) => {
    const name = attributes.Institution;
    if (name !== undefined && name !== '' && !graph.organisations.some((one) => one.name === name))
      graph.organisations.push({ key: `o-${graph.organisations.length + 1}`, name });
    const home = graph.organisations.find((one) => one.name === name)?.key;
    graph.contributors.push({
      ...filled({
        firstName: attributes.FirstName,
        lastName: attributes.LastName,
        email: attributes.Email,
        organisations: home === undefined ? [] : [home],
      }),
      key: `c-${index + 1}`,
    });
  });
  const instruments = childrenOf(root, 'Instrument');
  instruments.forEach((element, index) => {
    const microscope = microscopeOf(element);
    if (Object.keys(microscope).length === 0) return;
    const stand = [microscope.manufacturer, microscope.model].filter(Boolean).join(' ');
    graph.acquisitions.push({
      ...filled({ instrument: stand }),
      microscope,
      key: `acquisition-${index + 1}`,
      title: stand === '' ? 'Image acquisition' : stand,
    });
  });
  childrenOf(root, 'Image').forEach((element, index) => {
    const pixels = childOf(element, 'Pixels');
    if (pixels) graph.images.push(imageOf(element, pixels, index));
  });
  const kept = keptOfOme(root, documentOf(graph));
  return {
    graph: kept.length === 0 ? graph : { ...graph, kept: { [keptName]: kept } },
    issues: [],
    // The form takes no images: files bring them, and by their names they are found again.
    unknownBeside: (of) => ({ [keptName]: keptOfOme(root, documentOf({ ...of, images: graph.images })) }),
  };
}

const numberOf = (text: string | undefined): number | undefined => {
  const value = Number(text);
  return text === undefined || text.trim() === '' || !Number.isFinite(value) ? undefined : value;
};

function microscopeOf(element: XmlElement): MicroscopeNode {
  const stand = childOf(element, 'Microscope')?.attributes ?? {};
  const lens = childOf(element, 'Objective')?.attributes ?? {};
  const detector = childOf(element, 'Detector')?.attributes ?? {};
  return filled<MicroscopeNode>({
    type: stand.Type,
    manufacturer: stand.Manufacturer,
    model: stand.Model,
    objective: lens.Model,
    magnification: numberOf(lens.NominalMagnification),
    numericalAperture: numberOf(lens.LensNA),
    immersion: lens.Immersion,
    detector: [detector.Manufacturer, detector.Model].filter(Boolean).join(' ') || undefined,
    lightSource: partsOf(element, ['Laser', 'LightEmittingDiode', 'Arc', 'Filament', 'GenericExcitationSource']),
    filters: partsOf(element, ['Filter', 'Dichroic']),
  });
}

/** Makers and models of the parts of these names, each once. */
function partsOf(element: XmlElement, names: readonly string[]): string | undefined {
  const words = names.flatMap((name) =>
    childrenOf(element, name).flatMap(({ attributes }) => {
      const said = [attributes.Manufacturer, attributes.Model].filter(Boolean).join(' ');
      return said === '' ? [] : [said];
    }),
  );
  return [...new Set(words)].join(', ') || undefined;
}

function imageOf(element: XmlElement, pixels: XmlElement, index: number): ImageNode {
  const { attributes } = pixels;
  const quantity = (name: string, usual: string): Quantity | undefined => {
    const value = numberOf(attributes[name]);
    const symbol = attributes[`${name}Unit`];
    const unit =
      symbol === undefined ? usual : (Object.entries(units).find(([, one]) => one === symbol)?.[0] ?? symbol);
    return value === undefined || value <= 0 ? undefined : { value, unit };
  };
  const pixelSize = filled({
    x: quantity('PhysicalSizeX', 'micrometer'),
    y: quantity('PhysicalSizeY', 'micrometer'),
    z: quantity('PhysicalSizeZ', 'micrometer'),
  });
  const type = attributes.Type;
  return {
    ...filled<Omit<ImageNode, 'key' | 'name'>>({
      pixelType: Object.entries(pixelTypes).find(([, name]) => name === type)?.[0],
      sizes: filled({
        x: numberOf(attributes.SizeX),
        y: numberOf(attributes.SizeY),
        z: numberOf(attributes.SizeZ),
        c: numberOf(attributes.SizeC),
        t: numberOf(attributes.SizeT),
      }),
      pixelSize: Object.keys(pixelSize).length > 0 ? pixelSize : undefined,
      timeStep: quantity('TimeIncrement', 'second'),
      channels: childrenOf(pixels, 'Channel').map(({ attributes: channel }, number) => ({
        ...filled({
          fluorophore: channel.Fluor,
          excitationNanometers: numberOf(channel.ExcitationWavelength),
          emissionNanometers: numberOf(channel.EmissionWavelength),
        }),
        name: channel.Name ?? `Channel ${number + 1}`,
      })),
      acquiredAt: childOf(element, 'AcquisitionDate') ? textWithin(childOf(element, 'AcquisitionDate')!) : undefined,
    }),
    key: `image-${index + 1}`,
    name: element.attributes.Name ?? `Image ${index + 1}`,
  };
}

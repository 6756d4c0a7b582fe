import {
  type ImageDescription,
  type PixelType,
  type Quantity,
  parseSpaceUnit,
  parseTimeUnit,
  toMicrometers,
  toSeconds,
} from '@micrarium/model';
import { type OmeDescription, moduloXml, softwareNamespace } from './modulo.ts';

const typeNames: Partial<Record<PixelType, string>> = {
  uint8: 'uint8',
  int8: 'int8',
  uint16: 'uint16',
  int16: 'int16',
  uint32: 'uint32',
  int32: 'int32',
  float32: 'float',
  float64: 'double',
};

/** Name of a pixel type in OME-XML; `undefined` where the schema has none. */
export function omeTypeName(type: PixelType): string | undefined {
  return typeNames[type];
}

/**
 * OME-XML (schema 2016-06) of images whose planes lie one after another in one TIFF, c fastest, then z, then t; of the
 * metadata only where there is no `uuid`, for images whose pixels are elsewhere.
 * @throws TypeError where the schema has no such pixel type
 */
export function writeOmeXml(descriptions: readonly OmeDescription[], uuid: string | undefined): string {
  let ifd = 0;
  const instruments = descriptions.map(instrumentXml).join('');
  const images = descriptions.map((description, index) => {
    const xml = imageXml(description, index, uuid === undefined ? undefined : ifd);
    ifd += description.sizes.t * description.sizes.c * description.sizes.z;
    return xml;
  });
  const annotations = descriptions.map(annotationXml).join('');
  const structured = annotations ? `<StructuredAnnotations>${annotations}</StructuredAnnotations>` : '';
  const schema = 'http://www.openmicroscopy.org/Schemas/OME/2016-06';
  return `<?xml version="1.0" encoding="UTF-8"?><OME xmlns="${schema}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${schema} ${schema}/ome.xsd"${uuid === undefined ? '' : ` UUID="urn:uuid:${uuid}"`} Creator="Micrarium">${instruments}${images.join('')}${structured}</OME>`;
}

/** What the places of further axes are, and the program that took the images, for which the schema has no place. */
function annotationXml({ modulos = [], instrument }: OmeDescription, index: number): string {
  const software = instrument?.software
    ? `<CommentAnnotation ID="Annotation:Software:${index}" Namespace="${softwareNamespace}"><Value>${escapeXml(instrument.software)}</Value></CommentAnnotation>`
    : '';
  if (modulos.length === 0) return software;
  const namespace = 'openmicroscopy.org/omero/dimension/modulo';
  return `${software}<XMLAnnotation ID="Annotation:${index}" Namespace="${namespace}"><Value>${moduloXml(modulos, escapeXml)}</Value></XMLAnnotation>`;
}

function instrumentXml({ instrument }: ImageDescription, index: number): string {
  if (!instrument) return '';
  const { manufacturer, model, objective, detector, lightSources = [] } = instrument;
  const microscope =
    manufacturer || model ? `<Microscope${attribute('Manufacturer', manufacturer)}${attribute('Model', model)}/>` : '';
  const lights = lightSources
    .map((words, n) => `<GenericExcitationSource ID="LightSource:${index}:${n}"${attribute('Model', words)}/>`)
    .join('');
  const camera = detector ? `<Detector ID="Detector:${index}"${attribute('Model', detector)}/>` : '';
  const lens = objective
    ? `<Objective ID="Objective:${index}"${attribute('Model', objective.model)}${attribute('NominalMagnification', objective.magnification)}${attribute('LensNA', objective.numericalAperture)}${attribute('Correction', oneOf('Correction', objective.correction))}${attribute('Immersion', oneOf('Immersion', objective.immersion))}${objective.workingDistanceMicrometers === undefined ? '' : `${attribute('WorkingDistance', objective.workingDistanceMicrometers)} WorkingDistanceUnit="µm"`}/>`
    : '';
  const parts = `${microscope}${lights}${camera}${lens}`;
  return parts ? `<Instrument ID="Instrument:${index}">${parts}</Instrument>` : '';
}

/** Words the schema allows; others are left out. */
const allowed = {
  Immersion: 'Oil Water WaterDipping Air Multi Glycerol Other',
  Correction:
    'UV PlanApo PlanFluor SuperFluor VioletCorrected Achro Achromat Fluor Fl Fluar Neofluar Fluotar Apo PlanNeofluar Other',
  ContrastMethod:
    'Brightfield Phase DIC HoffmanModulation ObliqueIllumination PolarizedLight Darkfield Fluorescence Other',
  IlluminationType: 'Transmitted Epifluorescence Oblique NonLinear Other',
  AcquisitionMode:
    'WideField LaserScanningConfocalMicroscopy SpinningDiskConfocal SlitScanConfocal MultiPhotonMicroscopy StructuredIllumination SingleMoleculeImaging TotalInternalReflection FluorescenceLifetime SpectralImaging FluorescenceCorrelationSpectroscopy NearFieldScanningOpticalMicroscopy SecondHarmonicGenerationImaging PALM STORM STED TIRF FSM LCM Other BrightField SweptFieldConfocal SPIM',
} as const;

/** What programs call by another word, in small letters. */
const meant: Readonly<Record<keyof typeof allowed, Readonly<Record<string, string>>>> = {
  Immersion: { glyc: 'Glycerol', glycerin: 'Glycerol', o: 'Oil', w: 'Water', dry: 'Air', imm: 'Multi' },
  Correction: { 'plan-apochromat': 'PlanApo', 'plan apo': 'PlanApo', apochromat: 'Apo' },
  ContrastMethod: { 'bright field': 'Brightfield', tl: 'Brightfield', fluo: 'Fluorescence' },
  IlluminationType: { 'transmitted light': 'Transmitted', fluorescence: 'Epifluorescence' },
  AcquisitionMode: {
    confocal: 'LaserScanningConfocalMicroscopy',
    'laser scan confocal': 'LaserScanningConfocalMicroscopy',
    'widefield fluorescence': 'WideField',
    'spinning disk confocal': 'SpinningDiskConfocal',
    latticelightsheet: 'SPIM',
    lightsheet: 'SPIM',
  },
};

/** A word the schema allows, of its own or of another program; what it does not know at all is left out. */
function oneOf(name: keyof typeof allowed, word: string | undefined): string | undefined {
  const small = word?.trim().toLowerCase() ?? '';
  return allowed[name].split(' ').find((known) => known.toLowerCase() === small) ?? meant[name][small];
}

/** A date with time as XML Schema writes it; `undefined` for days without a time. */
function dateTime(text: string | undefined): string | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(Z|[+-]\d\d:?\d\d)?$/.exec(text ?? '');
  return match ? match[1]! + (match[2] ?? '').replace(/^([+-]\d\d)(\d\d)$/, '$1:$2') : undefined;
}

function imageXml(description: OmeDescription, index: number, ifd: number | undefined): string {
  const { name, sizes, samples = 1, acquiredAt, instrument, origin } = description;
  const type = omeTypeName(description.type);
  if (!type) throw new TypeError(`OME-XML has no pixel type ${description.type}`);
  const bits = description.significantBits;
  const pixels = [
    attribute('ID', `Pixels:${index}`),
    attribute('DimensionOrder', 'XYCZT'),
    attribute('Type', type),
    attribute('SizeX', sizes.x),
    attribute('SizeY', sizes.y),
    attribute('SizeC', sizes.c * samples),
    attribute('SizeZ', sizes.z),
    attribute('SizeT', sizes.t),
    attribute('SignificantBits', bits),
    attribute('BigEndian', 'false'),
    samples > 1 ? attribute('Interleaved', 'true') : '',
    lengthXml('PhysicalSizeX', description.voxelSize?.x),
    lengthXml('PhysicalSizeY', description.voxelSize?.y),
    lengthXml('PhysicalSizeZ', description.voxelSize?.z),
    timeXml(description.timeStep),
  ].join('');
  const acquired = dateTime(acquiredAt);
  const date = acquired ? `<AcquisitionDate>${acquired}</AcquisitionDate>` : '';
  const text = description.description ? `<Description>${escapeXml(description.description)}</Description>` : '';
  const refs = instrumentXml(description, index) ? `<InstrumentRef ID="Instrument:${index}"/>` : '';
  const lens = instrument?.objective
    ? `<ObjectiveSettings ID="Objective:${index}"${attribute('RefractiveIndex', instrument.objective.refractiveIndex)}/>`
    : '';
  const place = (['x', 'y', 'z'] as const).map((axis) => lengthXml(axis.toUpperCase(), origin?.[axis])).join('');
  const stage = place ? `<StageLabel Name="${escapeXml(name)}"${place}/>` : '';
  const channels = Array.from({ length: sizes.c }, (_, channel) => channelXml(description, index, channel)).join('');
  const planes = sizes.t * sizes.c * sizes.z;
  const software = instrument?.software ? `<AnnotationRef ID="Annotation:Software:${index}"/>` : '';
  const annotation = software + (description.modulos?.length ? `<AnnotationRef ID="Annotation:${index}"/>` : '');
  return `<Image ID="Image:${index}"${attribute('Name', name)}>${date}${text}${refs}${lens}${stage}<Pixels${pixels}>${channels}${ifd === undefined ? '<MetadataOnly/>' : `<TiffData IFD="${ifd}" PlaneCount="${planes}"/>`}${planesXml(description)}</Pixels>${annotation}</Image>`;
}

/** What is known of single planes: exposure by channel, time by time point. */
function planesXml({ sizes, channels, planeTimes = [], timeOffset }: ImageDescription): string {
  const planes: string[] = [];
  const unit = timeOffset && parseTimeUnit(timeOffset.unit);
  const first = unit && toSeconds({ value: timeOffset.value, unit });
  const plane = (c: number, t: number): void => {
    const exposure = channels[c]?.exposureSeconds;
    const since = planeTimes.length === sizes.t ? planeTimes[t]! : t === 0 ? first && 0 : undefined;
    const time = since === undefined ? undefined : Number((since + (first ?? 0)).toPrecision(15));
    if (exposure === undefined && time === undefined) return;
    const known = `${attribute('DeltaT', time)}${attribute('ExposureTime', exposure)}`;
    planes.push(`<Plane TheZ="0" TheT="${t}" TheC="${c}"${known}/>`);
  };
  for (let c = 0; c < sizes.c; c++) plane(c, 0);
  for (let t = 1; t < planeTimes.length && t < sizes.t; t++) plane(0, t);
  return planes.join('');
}

function channelXml({ channels, samples = 1, instrument }: ImageDescription, image: number, index: number): string {
  const detector = instrument?.detector ? `><DetectorSettings ID="Detector:${image}"/></Channel>` : '/>';
  const channel = channels[index];
  const color = channel?.color === undefined ? undefined : (Number.parseInt(channel.color, 16) << 8) | 0xff;
  return `<Channel ID="Channel:${image}:${index}"${[
    attribute('Name', channel?.name || undefined),
    attribute('SamplesPerPixel', samples),
    attribute('Color', color),
    attribute('Fluor', channel?.fluorophore),
    attribute('ExcitationWavelength', channel?.excitationNanometers),
    attribute('EmissionWavelength', channel?.emissionNanometers),
    attribute('ContrastMethod', oneOf('ContrastMethod', channel?.contrastMethod)),
    attribute('IlluminationType', oneOf('IlluminationType', channel?.illumination)),
    attribute('AcquisitionMode', oneOf('AcquisitionMode', channel?.acquisitionMode)),
    attribute('PinholeSize', channel?.pinholeMicrometers),
  ].join('')}${detector}`;
}

function lengthXml(name: string, length: Quantity | undefined): string {
  const unit = length && parseSpaceUnit(length.unit);
  const micrometers = unit && toMicrometers({ value: length.value, unit });
  return micrometers === undefined ? '' : attribute(name, micrometers) + attribute(`${name}Unit`, 'µm');
}

function timeXml(step: Quantity | undefined): string {
  const unit = step && parseTimeUnit(step.unit);
  const seconds = unit && toSeconds({ value: step.value, unit });
  return seconds === undefined ? '' : attribute('TimeIncrement', seconds) + attribute('TimeIncrementUnit', 's');
}

function attribute(name: string, value: string | number | undefined): string {
  return value === undefined ? '' : ` ${name}="${escapeXml(String(value))}"`;
}

/** Escapes what XML reserves and drops the control characters it forbids. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replace(/[&<>"]/g, (letter) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[letter] ?? letter);
}

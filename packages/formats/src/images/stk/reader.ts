import { type ImageDescription, type InstrumentDescription, parseSpaceUnit, toMicrometers } from '@micrarium/model';
import { stemOf } from '../../bytes/file-tree.ts';
import type { Item } from '../../recognition/item.ts';
import { imageFindings } from '../findings.ts';
import type { ImageReader, OpenedImages } from '../image-reader.ts';
import { rounded } from '../ome-xml/to-model.ts';
import { known, micrometers, positive, timeStepOf, voxelSizeOf } from '../stored/stated-values.ts';
import { classifyTiff } from '../tiff/classify.ts';
import { reopeningSource } from '../tiff/ome-set.ts';
import type { TiffPage } from '../tiff/page.ts';
import { pageAt, pagedImage, samplesOfPage } from '../tiff/paged-image.ts';
import { mainEntry } from '../tiff/reader.ts';
import { tiffIssue } from '../tiff/tiff-issues.ts';
import { describedType, pageFindings } from '../tiff/verify.ts';
import { type StkTags, readStkTags } from './tags.ts';

/** Opens MetaMorph STK: planes one after another behind one directory, in z where their distances say so, else times. */
export const stkReader: ImageReader = {
  async open(item: Item): Promise<OpenedImages> {
    const where = { file: item.path };
    const entry = mainEntry(item);
    const source = entry && reopeningSource(entry);
    const kind = source && (await classifyTiff(source));
    const page = kind && kind !== 'broken' ? await pageAt(kind.file, 0) : 'the first directory cannot be read';
    const tags = kind && kind !== 'broken' ? await readStkTags(kind.file, kind.first) : undefined;
    if (!kind || kind === 'broken' || typeof page === 'string' || !tags) {
      const why = typeof page === 'string' ? page : 'the tag that counts the planes is damaged';
      return { images: [], issues: [tiffIssue('tiff-page-unusable', `The first page: ${why}.`, { where })] };
    }
    const { file, description: text } = kind;
    const planeBytes = page.height * Math.ceil((page.width * page.samples * page.bits) / 8);
    const [start = file.source.size] = await file.numbers(page.offsets, 0, 1);
    const isPlain = page.compression === 1 && !page.tiled && (!page.planar || page.samples === 1);
    const room = isPlain ? Math.max(1, Math.floor((file.source.size - start) / planeBytes)) : 1;
    const issues = [...file.issues];
    if (isPlain && start + planeBytes > file.source.size)
      issues.push(tiffIssue('pixel-data-truncated', 'The first plane ends behind the end of the file.', { where }));
    if (room < tags.planes) {
      const message = `The file should hold ${tags.planes} planes, ${room} of them can be read.`;
      issues.push(tiffIssue('planes-missing', message, { where: { ...where, field: '33629' } }));
    }
    const software = kind.first.fields.get(305) ? await file.text(kind.first, 305) : undefined;
    const told = { text, software };
    const description = describe(tags, page, Math.min(room, tags.planes), item.path, told);
    issues.push(...pageFindings(file, page), ...imageFindings(description, item.path));
    const image = await pagedImage({
      description,
      first: { file, page },
      locate: ({ t, c, z }) => ({
        file,
        directory: 0,
        shift: (t + z) * planeBytes,
        ...(description.sizes.c > 1 ? { sample: c } : {}),
      }),
    });
    const rawMetadata = { mediaType: 'text/plain', text };
    return { images: [image], issues, ...(text === '' ? {} : { rawMetadata }) };
  },
};

/** Texts of the first directory. */
interface StkTexts {
  text: string;
  software: string | undefined;
}

/** What the description of the first plane says, line by line: `Exposure: 200 ms`. */
function exposureOf(text: string): number | undefined {
  const [, number, unit] = /^\s*Exposure:\s*([\d.,]+)\s*(µs|us|ms|msec|s|sec)\b/im.exec(text) ?? [];
  const value = positive(number?.replace(',', '.'));
  if (value === undefined) return undefined;
  return value / (/^(µs|us)$/i.test(unit!) ? 1e6 : /^m/i.test(unit!) ? 1000 : 1);
}

/** Binning, gain and speed of the camera, as the description of the first plane lists them. */
function cameraSettings(text: string): string | undefined {
  const said = ['Binning', 'Gain', 'Digitizer'].flatMap((name) => {
    const value = new RegExp(`^\\s*${name}:[ \\t]*(\\S.{0,100}?)\\s*$`, 'm').exec(text)?.[1];
    return value === undefined ? [] : [`${name.toLowerCase()} ${value}`];
  });
  return said.join(', ') || undefined;
}

function instrumentOf({ properties }: StkTags, { text, software }: StkTexts): InstrumentDescription {
  const number = (name: string): number | undefined => positive(properties.get(name));
  const [lens, aperture, index] = [properties.get('_MagSetting_'), number('_MagNA_'), number('_MagRI_')];
  const objective = {
    ...known('model', typeof lens === 'string' && lens !== '' ? lens : undefined),
    ...known('magnification', positive(/(\d+(?:\.\d+)?)\s*x/i.exec(String(lens ?? ''))?.[1])),
    ...known('numericalAperture', aperture),
    // 1 stands there where nobody set it.
    ...known('refractiveIndex', aperture !== undefined && index !== undefined && index <= 2 ? index : undefined),
  };
  return {
    ...(Object.keys(objective).length > 0 ? { objective } : {}),
    ...known('detectorSettings', cameraSettings(text)),
    ...known('software', software?.trim() || undefined),
  };
}

function describe(
  tags: StkTags,
  page: TiffPage,
  planes: number,
  path: string,
  { text, software }: StkTexts,
): ImageDescription {
  const { colour, channels } = samplesOfPage(page);
  const unit = parseSpaceUnit(tags.units);
  const perUnit = unit && unit !== 'pixel' ? toMicrometers({ value: 1, unit }) : undefined;
  const size = (value: number): ReturnType<typeof micrometers> =>
    perUnit === undefined ? undefined : micrometers(value, perUnit);
  const distance = tags.distances[1] ?? 0;
  const isDepth = planes > 1 && distance > 0;
  const [first] = tags.created;
  const light = tags.properties.get('_IllumSetting_');
  const bits = positive(tags.properties.get('Camera Bit Depth')) ?? page.bits;
  const instrument = instrumentOf(tags, { text, software });
  const acquired =
    first !== undefined && first > 0 && first < 4e9 ? new Date(first * 1000).toISOString().replace('Z', '') : undefined;
  return {
    name: tags.name || stemOf(path),
    sizes: { t: isDepth ? 1 : planes, c: channels, z: isDepth ? planes : 1, y: page.height, x: page.width },
    type: describedType(page),
    ...(colour > 1 ? { samples: colour } : {}),
    ...voxelSizeOf(size(tags.x), size(tags.y), isDepth ? micrometers(distance) : undefined),
    ...(isDepth ? {} : timeStepOf(tags.created.slice(0, planes))),
    ...(!isDepth && planes > 1 && tags.created.length >= planes && tags.created.slice(0, planes).every(Number.isFinite)
      ? { planeTimes: tags.created.slice(0, planes).map((time) => rounded(time - tags.created[0]!)) }
      : {}),
    channels: Array.from({ length: channels }, () => ({
      name: '',
      ...known('emissionNanometers', tags.wavelength > 0 ? tags.wavelength : undefined),
      ...known('exposureSeconds', exposureOf(text)),
      ...known('illumination', typeof light === 'string' && light !== '' ? light : undefined),
    })),
    ...known('acquiredAt', acquired),
    ...(Object.keys(instrument).length > 0 ? { instrument } : {}),
    ...(bits > 8 && bits < 16 ? { significantBits: bits } : {}),
  };
}

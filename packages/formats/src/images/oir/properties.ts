import type { ChannelDescription, ImageDescription, PixelType, Quantity } from '@micrarium/model';
import { parseSpaceUnit, toMicrometers } from '@micrarium/model';
import { known, micrometers, positive, voxelSizeOf } from '../stored/stated-values.ts';
import { type XmlNode, findNode } from '../stored/xml-tree.ts';

const types: Readonly<Record<number, PixelType>> = { 1: 'uint8', 2: 'uint16', 4: 'uint32' };

/** Every element of a name below. */
function allNamed(node: XmlNode | undefined, name: string): XmlNode[] {
  const found: XmlNode[] = [];
  const rest: XmlNode[] = node ? [node] : [];
  for (let next = rest.pop(); next; next = rest.pop()) {
    if (next.name === name) found.push(next);
    for (let n = next.children.length - 1; n >= 0; n--) rest.push(next.children[n]!);
  }
  return found;
}

/** Numbers of pixels beyond this are damage. */
const largestSide = 10_000_000;

/** A whole number of places; `undefined` where it is none. */
function places(text: string | undefined): number | undefined {
  const number = positive(text);
  return number !== undefined && Number.isInteger(number) && number <= largestSide ? number : undefined;
}

const textIn = (node: XmlNode | undefined, name: string): string | undefined => findNode(node, name)?.text || undefined;

/**
 * What `lsmimage:imageProperties` of an Olympus OIR says. Element names as in the published reader of Bio-Formats; not
 * seen on a real file. `undefined` where width, height and depth are not there.
 */
export function describeOir(root: XmlNode, name: string): ImageDescription | undefined {
  const info = findNode(root, 'commonimage:imageInfo');
  const x = places(textIn(info, 'commonimage:width'));
  const y = places(textIn(info, 'commonimage:height'));
  const channelNodes = allNamed(info, 'commonphase:channel');
  const type = types[positive(textIn(channelNodes[0], 'commonphase:depth')) ?? 0];
  if (x === undefined || y === undefined || type === undefined) return undefined;
  const axes = axesOf(root);
  const bits = positive(textIn(channelNodes[0], 'commonphase:bitCounts'));
  const z = axes.get('ZSTACK')?.size ?? 1;
  const t = axes.get('TIMELAPSE')?.size ?? 1;
  const lambda = axes.get('LAMBDA')?.size ?? 1;
  const step = axes.get('TIMELAPSE')?.step;
  const channels: ChannelDescription[] = channelNodes.map((node) => ({ name: textIn(node, 'commonphase:name') ?? '' }));
  const instrument = instrumentOf(root);
  return {
    name,
    sizes: { t, c: channels.length, z, y, x, ...(lambda > 1 ? { lambda } : {}) },
    type,
    ...voxelSize(channelNodes[0]),
    // Steps of a time axis are in milliseconds.
    ...(t > 1 && step !== undefined ? { timeStep: { value: step / 1000, unit: 'second' } } : {}),
    channels,
    ...known('acquiredAt', dateOf(textIn(findNode(root, 'commonimage:general'), 'base:creationDateTime'))),
    ...(Object.keys(instrument).length > 0 ? { instrument } : {}),
    ...(bits !== undefined && bits < 16 && type === 'uint16' ? { significantBits: bits } : {}),
  };
}

function dateOf(text: string | undefined): string | undefined {
  return text !== undefined && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? text : undefined;
}

/** Axes that are switched on, with their places and the step between them. */
function axesOf(root: XmlNode): Map<string, { size: number; step: number | undefined }> {
  const axes = new Map<string, { size: number; step: number | undefined }>();
  for (const parameters of allNamed(root, 'commonimage:imagingParam'))
    for (const node of allNamed(parameters, 'commonparam:axis')) {
      const { enable, paramEnable = 'true' } = node.attributes;
      const code = node.children.find((child) => child.name === 'commonparam:axis')?.text;
      const size = places(textIn(node, 'commonparam:maxSize'));
      if (enable !== 'true' || paramEnable !== 'true' || !code || size === undefined) continue;
      axes.set(code, { size, step: positive(textIn(node, 'commonparam:step')) });
    }
  return axes;
}

function voxelSize(channel: XmlNode | undefined): Pick<ImageDescription, 'voxelSize'> {
  const length = findNode(channel, 'commonphase:length');
  const units = findNode(channel, 'commonphase:pixelUnit');
  const size = (axis: 'x' | 'y' | 'z'): Quantity | undefined => {
    const unit = parseSpaceUnit(textIn(units, `commonphase:${axis}`) ?? 'um');
    if (!unit || unit === 'pixel') return undefined;
    return micrometers(textIn(length, `commonparam:${axis}`), toMicrometers({ value: 1, unit }));
  };
  return voxelSizeOf(size('x'), size('y'), size('z'));
}

function instrumentOf(root: XmlNode): NonNullable<ImageDescription['instrument']> {
  const lens = findNode(findNode(root, 'commonimage:microscopeConfiguration'), 'commonimage:objectiveLens');
  const objective = {
    ...known('model', textIn(lens, 'opticalelement:displayName')),
    ...known('magnification', positive(textIn(lens, 'opticalelement:magnification'))),
    ...known('numericalAperture', positive(textIn(lens, 'opticalelement:naValue'))),
    ...known('refractiveIndex', positive(textIn(lens, 'opticalelement:refraction'))),
  };
  const lasers = allNamed(findNode(root, 'commonimage:lsm'), 'commonimage:laser')
    .map((laser) => textIn(laser, 'commonimage:name'))
    .filter((laser) => laser !== undefined);
  return {
    ...(Object.keys(objective).length > 0 ? { objective } : {}),
    ...(lasers.length > 0 ? { lightSources: lasers } : {}),
  };
}

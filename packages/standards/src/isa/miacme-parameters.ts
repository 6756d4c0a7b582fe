import type { AcquisitionNode, ImageNode } from '../graph/study-graph.ts';
import type { Json } from '../json/json.ts';
import { annotation } from './isa-parts.ts';

/** A parameter of an image acquisition with its value: a term, a number with its unit, or text. */
export interface AcquisitionParameter {
  name: string;
  value: Json;
  unit?: string;
}

const pixelTypes: Readonly<Record<string, string>> = { float32: 'float', float64: 'double', bool: 'bit' };
const symbols: Readonly<Record<string, string>> = {
  micrometer: 'µm',
  nanometer: 'nm',
  millimeter: 'mm',
  centimeter: 'cm',
  meter: 'm',
};

/** The one value that all images have which have one; `undefined` where they differ. */
function common<Value extends string | number>(
  images: readonly ImageNode[],
  take: (image: ImageNode) => Value | undefined,
): Value | undefined {
  const said = new Set(images.flatMap((image) => take(image) ?? []));
  return said.size === 1 ? [...said][0] : undefined;
}

/**
 * Parameters of an imaging assay by the names of the MIACME 1.1 configuration (`cellmigration-imaging`), as far as the
 * acquisition and the images of a data set tell them; what images of one data set do not share is left out.
 */
export function miacmeParameters(acquisition: AcquisitionNode, images: readonly ImageNode[]): AcquisitionParameter[] {
  const [method] = acquisition.methods ?? [];
  const frames = common(images, ({ sizes }) => sizes?.t);
  const step = common(images, ({ timeStep }) => timeStep?.value);
  const stepUnit = common(images, ({ timeStep }) => timeStep?.unit);
  const channels = common(images, (image) => image.channels?.map(({ name }) => name).join('; ') || undefined);
  const lens = acquisition.microscope?.objective;
  const isSeries = frames !== undefined && frames > 1;
  const found: (AcquisitionParameter | undefined)[] = [
    method && { name: 'imaging modality', value: annotation(method) },
    frames === undefined
      ? undefined
      : { name: 'imaging sequence type', value: isSeries ? 'time-series' : 'single image' },
    isSeries && step !== undefined && stepUnit !== undefined
      ? { name: 'observation period', value: Number((step * (frames - 1)).toPrecision(12)), unit: stepUnit }
      : undefined,
    isSeries && step !== undefined && stepUnit !== undefined
      ? { name: 'time series interval', value: step, unit: stepUnit }
      : undefined,
    channels === undefined ? undefined : { name: 'channel definition', value: channels },
    lens === undefined ? undefined : { name: 'objective lens', value: lens },
    images.length === 1 ? { name: 'pixel identifier', value: images[0]!.name } : undefined,
    pixelType(images),
    ...(['x', 'y', 'z', 'c', 't'] as const).map((axis) => {
      const size = common(images, ({ sizes }) => sizes?.[axis]);
      return size === undefined ? undefined : { name: `pixel size${axis.toUpperCase()}`, value: size };
    }),
    ...(['x', 'y', 'z'] as const).flatMap((axis) => physicalSize(images, axis)),
  ];
  return found.filter((one) => one !== undefined);
}

function pixelType(images: readonly ImageNode[]): AcquisitionParameter | undefined {
  const type = common(images, (image) => image.pixelType);
  return type === undefined ? undefined : { name: 'pixel type', value: pixelTypes[type] ?? type };
}

/** Size of a pixel along an axis, with its unit in a column of its own, as the configuration has it. */
function physicalSize(images: readonly ImageNode[], axis: 'x' | 'y' | 'z'): AcquisitionParameter[] {
  const value = common(images, ({ pixelSize }) => pixelSize?.[axis]?.value);
  const unit = common(images, ({ pixelSize }) => pixelSize?.[axis]?.unit);
  if (value === undefined || unit === undefined) return [];
  const name = `pixel physicalSize${axis.toUpperCase()}`;
  return [
    { name, value },
    { name: `${name} Unit`, value: symbols[unit] ?? unit },
  ];
}

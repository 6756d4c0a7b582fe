import type { ImageDescription, PixelBlock } from '@micrarium/model';
import { completeOptions, type SimulatedObject, type Simulation, type SimulationOptions } from './cells.ts';
import { seededRandom } from './random.ts';

/** Camera offset, counts; read noise and shot noise lie on top. */
const background = 110;

/** What the simulated film is: two channels, 16 bits, sizes in micrometers, interval in seconds. */
export function simulatedImage(options: SimulationOptions = {}): ImageDescription {
  const simulation = completeOptions(options);
  const pixel = { value: simulation.pixelSizeMicrometers, unit: 'micrometer' };
  return {
    name: 'Simulated migrating and dividing cells',
    sizes: { t: simulation.frames, c: 2, z: simulation.slices, y: simulation.height, x: simulation.width },
    type: 'uint16',
    voxelSize: { z: { value: simulation.sliceStepMicrometers, unit: 'micrometer' }, y: pixel, x: pixel },
    timeStep: { value: simulation.frameIntervalSeconds, unit: 'second' },
    channels: [
      {
        name: 'nuclei',
        color: '00FFFF',
        emissionNanometers: 461,
        excitationNanometers: 405,
        fluorophore: 'simulated nuclear stain',
      },
      {
        name: 'membrane',
        color: 'FF00FF',
        emissionNanometers: 610,
        excitationNanometers: 561,
        fluorophore: 'simulated membrane stain',
      },
    ],
    instrument: {
      manufacturer: 'Micrarium',
      model: 'simulated microscope',
      objective: { magnification: 20, numericalAperture: 0.8, immersion: 'Air' },
      software: 'Micrarium simulation',
    },
  };
}

/**
 * Draws the film plane by plane, in order XY, then channel, then slice, then frame (the order ImageJ and OME's XYCZT have).
 * Nuclei are Gaussian balls, membranes rings; noise is shot noise (normal with the square root of the signal) and read noise.
 * Memory: the cells of all frames and one plane.
 */
export async function* simulatedPlanes(
  objects: readonly SimulatedObject[],
  options: SimulationOptions = {},
): AsyncGenerator<PixelBlock> {
  const simulation = completeOptions(options);
  const byFrame = new Map<number, SimulatedObject[]>();
  for (const object of objects) byFrame.set(object.frame, [...(byFrame.get(object.frame) ?? []), object]);
  for (let frame = 0; frame < simulation.frames; frame++)
    for (let slice = 0; slice < simulation.slices; slice++)
      for (let channel = 0; channel < 2; channel++)
        yield drawPlane(byFrame.get(frame) ?? [], { frame, slice, channel }, simulation);
}

function drawPlane(
  cells: readonly SimulatedObject[],
  plane: { frame: number; slice: number; channel: number },
  simulation: Simulation,
): PixelBlock {
  const { width, height, slices } = simulation;
  const signal = new Float32Array(width * height);
  for (const cell of cells) addCell(signal, cell, plane, simulation);
  const random = seededRandom(
    simulation.seed ^ (((plane.frame * slices + plane.slice) * 2 + plane.channel + 1) * 0x9e3779b1),
  );
  const data = new Uint16Array(width * height);
  for (let i = 0; i < data.length; i++) {
    const clean = background + signal[i]!;
    data[i] = Math.min(65_535, Math.max(0, Math.round(clean + Math.sqrt(clean) * 0.7 * random.normal())));
  }
  return { width, height, samples: 1, type: 'uint16', data };
}

function addCell(
  signal: Float32Array,
  cell: SimulatedObject,
  plane: { slice: number; channel: number },
  simulation: Simulation,
): void {
  const { width, height, pixelSizeMicrometers: pixel, sliceStepMicrometers } = simulation;
  const reach = cell.radius * 2.6;
  const depth = plane.slice * sliceStepMicrometers - cell.z;
  const fromX = Math.max(0, Math.floor((cell.x - reach) / pixel));
  const toX = Math.min(width - 1, Math.ceil((cell.x + reach) / pixel));
  const fromY = Math.max(0, Math.floor((cell.y - reach) / pixel));
  const toY = Math.min(height - 1, Math.ceil((cell.y + reach) / pixel));
  for (let y = fromY; y <= toY; y++)
    for (let x = fromX; x <= toX; x++) {
      const dx = x * pixel - cell.x;
      const dy = y * pixel - cell.y;
      const distance = Math.sqrt(dx * dx + dy * dy + 2 * depth * depth);
      signal[y * width + x]! += plane.channel === 0 ? nucleus(distance, cell) : membrane(distance, cell);
    }
}

const nucleus = (distance: number, cell: SimulatedObject) =>
  cell.intensity * Math.exp(-0.5 * (distance / (cell.radius * 0.55)) ** 2);
const membrane = (distance: number, cell: SimulatedObject) =>
  cell.intensity * 0.55 * Math.exp(-0.5 * ((distance - cell.radius * 1.55) / (cell.radius * 0.28)) ** 2);

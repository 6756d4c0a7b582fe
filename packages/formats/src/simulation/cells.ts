import type { TrackSet } from '@micrarium/model';
import { seededRandom, type SeededRandom } from './random.ts';

/** What to simulate. Lengths in micrometers, times in seconds. Everything has a default. */
export interface SimulationOptions {
  seed?: number;
  /** Film size in pixels, slices and frames. */
  width?: number;
  height?: number;
  slices?: number;
  frames?: number;
  /** Cells at the start. */
  cells?: number;
  pixelSizeMicrometers?: number;
  sliceStepMicrometers?: number;
  frameIntervalSeconds?: number;
  /** Radius of a nucleus. */
  nucleusRadiusMicrometers?: number;
  /** Median speed over the cells, in micrometers per second; each keeps its own. */
  speedMicrometersPerSecond?: number;
  /** Standard deviation of the logarithm of the cells' speeds. */
  speedSpread?: number;
  /** Time over which a cell forgets its direction. */
  persistenceSeconds?: number;
  /** Mean time between two divisions of a cell. */
  cellCycleSeconds?: number;
}

/** All options filled in. */
export type Simulation = Required<SimulationOptions>;

/** The options of the demonstration study. */
export const demonstrationOptions: Simulation = {
  seed: 20_261_120,
  width: 320,
  height: 256,
  slices: 5,
  frames: 48,
  cells: 22,
  pixelSizeMicrometers: 0.65,
  sliceStepMicrometers: 2,
  frameIntervalSeconds: 300,
  nucleusRadiusMicrometers: 5,
  speedMicrometersPerSecond: 0.006,
  speedSpread: 0.35,
  persistenceSeconds: 2400,
  cellCycleSeconds: 14_000,
};

/** One cell in one frame; positions in micrometers from the centre of the first pixel. */
export interface SimulatedObject {
  id: number;
  frame: number;
  x: number;
  y: number;
  z: number;
  radius: number;
  /** Brightness of its nucleus, counts. */
  intensity: number;
  /** Id in the frame before; the mother's for a daughter just born; left out for founders. */
  parent?: number;
  /** Row of the family tree: founders 1, 2, 3..., daughters 3a, 3b. */
  label: string;
}

interface Cell {
  label: string;
  x: number;
  y: number;
  z: number;
  angle: number;
  speed: number;
  radius: number;
  intensity: number;
  /** Seconds until it divides. */
  divideIn: number;
  last: number | undefined;
}

const halves = ['a', 'b'] as const;

/** Options with the demonstration's values where none are given. */
export function completeOptions(options: SimulationOptions = {}): Simulation {
  return { ...demonstrationOptions, ...options };
}

/**
 * Simulates cells that migrate (persistent random walk: the direction drifts as in Fürth 1920), divide and leave the field.
 * Exact by construction: every object's position and parent is known. Same options, same cells, on every machine.
 */
export function simulateCells(options: SimulationOptions = {}): SimulatedObject[] {
  const simulation = completeOptions(options);
  const random = seededRandom(simulation.seed);
  const objects: SimulatedObject[] = [];
  let cells: Cell[] = Array.from({ length: simulation.cells }, (_, index) =>
    founder(String(index + 1), simulation, random),
  );
  for (let frame = 0; frame < simulation.frames; frame++) {
    cells = cells.filter((cell) => isInside(cell, simulation));
    for (const cell of cells) {
      const id = objects.length;
      const { x, y, z, radius, intensity, label } = cell;
      objects.push({
        id,
        frame,
        x,
        y,
        z,
        radius,
        intensity,
        label,
        ...(cell.last === undefined ? {} : { parent: cell.last }),
      });
      cell.last = id;
    }
    cells = cells.flatMap((cell) => step(cell, simulation, random));
  }
  return objects;
}

function founder(label: string, simulation: Simulation, random: SeededRandom): Cell {
  return {
    label,
    x: random.uniform() * (simulation.width - 1) * simulation.pixelSizeMicrometers,
    y: random.uniform() * (simulation.height - 1) * simulation.pixelSizeMicrometers,
    z: (0.3 + 0.4 * random.uniform()) * (simulation.slices - 1) * simulation.sliceStepMicrometers,
    angle: 2 * Math.PI * random.uniform(),
    speed: simulation.speedMicrometersPerSecond * Math.exp(simulation.speedSpread * random.normal()),
    radius: simulation.nucleusRadiusMicrometers * (0.9 + 0.2 * random.uniform()),
    intensity: 1400 + 700 * random.uniform(),
    divideIn: simulation.cellCycleSeconds * (0.1 + 0.9 * random.uniform()),
    last: undefined,
  };
}

function isInside(cell: Cell, { width, height, pixelSizeMicrometers }: Simulation): boolean {
  return (
    cell.x >= 0 &&
    cell.y >= 0 &&
    cell.x <= (width - 1) * pixelSizeMicrometers &&
    cell.y <= (height - 1) * pixelSizeMicrometers
  );
}

function step(cell: Cell, simulation: Simulation, random: SeededRandom): Cell[] {
  const seconds = simulation.frameIntervalSeconds;
  cell.divideIn -= seconds;
  if (cell.divideIn <= 0) return divide(cell, simulation, random);
  cell.angle += Math.sqrt((2 * seconds) / simulation.persistenceSeconds) * random.normal();
  cell.x += Math.cos(cell.angle) * cell.speed * seconds;
  cell.y += Math.sin(cell.angle) * cell.speed * seconds;
  const depth = (simulation.slices - 1) * simulation.sliceStepMicrometers;
  cell.z = Math.min(depth, Math.max(0, cell.z + 0.15 * simulation.sliceStepMicrometers * random.normal()));
  return [cell];
}

function divide(mother: Cell, simulation: Simulation, random: SeededRandom): Cell[] {
  const axis = 2 * Math.PI * random.uniform();
  return halves.map((half, index) => {
    const side = index === 0 ? 1 : -1;
    return {
      ...mother,
      label: mother.label + half,
      x: mother.x + side * Math.cos(axis) * mother.radius * 1.1,
      y: mother.y + side * Math.sin(axis) * mother.radius * 1.1,
      angle: axis + (side < 0 ? Math.PI : 0),
      radius: Math.max(simulation.nucleusRadiusMicrometers * 0.75, mother.radius * 0.85),
      intensity: mother.intensity * (0.9 + 0.1 * random.uniform()),
      divideIn: simulation.cellCycleSeconds * (0.7 + 0.6 * random.uniform()),
    };
  });
}

/** The exact tracks of simulated cells as a track set, in micrometers and seconds. */
export function simulatedTrackSet(objects: readonly SimulatedObject[], options: SimulationOptions = {}): TrackSet {
  const simulation = completeOptions(options);
  const children = objects.filter((object) => object.parent !== undefined);
  return {
    name: 'simulated cells',
    objects: {
      count: objects.length,
      id: Float64Array.from(objects, (object) => object.id),
      frame: Int32Array.from(objects, (object) => object.frame),
      time: Float64Array.from(objects, (object) => object.frame * simulation.frameIntervalSeconds),
      x: Float64Array.from(objects, (object) => object.x),
      y: Float64Array.from(objects, (object) => object.y),
      z: Float64Array.from(objects, (object) => object.z),
      columns: [
        {
          name: 'radius',
          type: 'float',
          unit: 'micrometer',
          description: 'Radius of the nucleus',
          values: Float64Array.from(objects, (object) => object.radius),
        },
        {
          name: 'nucleus_intensity',
          type: 'float',
          description: 'Peak brightness of the nucleus above background, counts',
          values: Float64Array.from(objects, (object) => object.intensity),
        },
        {
          name: 'label',
          type: 'string',
          description: 'Name in the family tree',
          values: objects.map((object) => object.label),
        },
      ],
      entity: 'sphere',
    },
    edges: {
      count: children.length,
      source: Uint32Array.from(children, (object) => object.parent!),
      target: Uint32Array.from(children, (object) => object.id),
      columns: [],
    },
    spaceUnit: 'micrometer',
    timeUnit: 'second',
    provenance: {
      software: 'Micrarium simulation',
      imageName: 'film.ome.tif',
      imageSizes: { x: simulation.width, y: simulation.height, z: simulation.slices, t: simulation.frames },
      pixelSize: {
        x: simulation.pixelSizeMicrometers,
        y: simulation.pixelSizeMicrometers,
        z: simulation.sliceStepMicrometers,
      },
      frameInterval: simulation.frameIntervalSeconds,
      settings: JSON.stringify(simulation),
    },
  };
}

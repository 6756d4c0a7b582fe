import type { Column } from './columns.ts';
import type { SpaceUnit, TimeUnit } from './units.ts';

/** Geometric kind of an object. BDML and BD5 know all five; a detection is a point. */
export type EntityKind = 'point' | 'line' | 'circle' | 'sphere' | 'face';

/**
 * Outlines and meshes of objects, as ragged vertex columns: object `i` has the parts
 * `partOffsets[i] .. partOffsets[i + 1] - 1`, and part `p` the vertices `vertexOffsets[p] .. vertexOffsets[p + 1] - 1`.
 * A polyline is one part; each triangle of a mesh is a part of three vertices.
 */
export interface Shapes {
  /** count + 1 entries. */
  partOffsets: Uint32Array;
  /** parts + 1 entries. */
  vertexOffsets: Uint32Array;
  /** x, y, z of each vertex, interleaved, in the set's space unit; absolute, not relative to the object's centre. z is 0 for planar sets. */
  xyz: Float64Array;
}

/** One row per object: one thing at one time. All arrays have `count` entries. */
export interface ObjectTable {
  count: number;
  /** Unique in the set. The source's id where it is a unique whole number below 2^53, else the row number from 0. */
  id: Float64Array;
  /** Zero-based time index: the safe join key to image planes. */
  frame: Int32Array;
  /** Physical time in `timeUnit`; left out where only frames are known. */
  time?: Float64Array;
  /** Position in `spaceUnit`. NaN where the object has no position (a BD5 `0D` row). */
  x: Float64Array;
  y: Float64Array;
  /** Left out for planar sets; never invented. */
  z?: Float64Array;
  /** Further typed columns: features, labels, radius, source ids. */
  columns: Column[];
  shapes?: Shapes;
  /** Kind of every object; `point` where not said. */
  entity: EntityKind;
}

/** One row per directed edge, earlier object to later object; rows of the object table, not ids. */
export interface EdgeTable {
  count: number;
  source: Uint32Array;
  target: Uint32Array;
  columns: Column[];
}

/** What the source says of whole tracks: one row per source track, with its id, name and features. */
export interface SourceTrackTable {
  count: number;
  columns: Column[];
}

/** One step of the method: what was used, and with which settings. */
export interface MethodStep {
  /** Name of the algorithm as its program calls it, such as `LOG_DETECTOR`. */
  name: string;
  /** Program or library, where it is not the one that wrote the file. */
  software?: string;
  version?: string;
  /** Parameters as the program names them. */
  parameters?: Readonly<Record<string, string | number | boolean>>;
}

/**
 * How objects were found and linked, as far as it is known: what MIAPTE and OMEGA (part 2) ask of particle tracking.
 */
export interface TrackingMethod {
  detector?: MethodStep;
  linker?: MethodStep;
  /** Uncertainty of a position (standard deviation), as the authors give it. */
  positionUncertainty?: { value: number; unit: string };
}

/** Where a set came from and how it was made. */
export interface TrackProvenance {
  /** Program that tracked, as it names itself. */
  software?: string;
  softwareVersion?: string;
  /** Name of the film as the tracking program recorded it; provenance only, never opened. */
  imageName?: string;
  /** Size of that film as recorded, in pixels, slices and frames. */
  imageSizes?: { x?: number; y?: number; z?: number; t?: number };
  /** Pixel size the tracker used, in `spaceUnit` per pixel. */
  pixelSize?: { x?: number; y?: number; z?: number };
  /** Interval between frames in `timeUnit`, as recorded. */
  frameInterval?: number;
  /** Detector, linker and filter settings verbatim (XML or JSON text). */
  settings?: string;
  /** The same in one form for all programs, where it could be read. */
  tracking?: TrackingMethod;
  /**
   * Types of numbers in the source where they are not those that its format usually has, by table and column as the
   * format names them (`object.x`: `float32`), so that the same format can be written alike.
   */
  storedTypes?: Readonly<Record<string, string>>;
}

/**
 * Objects in time with the edges between them, as columns. **Edges are the truth**: links and tracks are computed
 * from them, and ids the source gave are kept as columns so that a round trip returns them.
 */
export interface TrackSet {
  /** Name of the set within its file: a sheet, an object kind; the file's stem where there is one set. */
  name: string;
  objects: ObjectTable;
  edges: EdgeTable;
  sourceTracks?: SourceTrackTable;
  /** Left out when the source does not say: asked for, never guessed. */
  spaceUnit?: SpaceUnit;
  timeUnit?: TimeUnit;
  /** Spellings in the source. */
  sourceSpaceUnit?: string;
  sourceTimeUnit?: string;
  /** Whether a frame index of 0 in the set is the film's first frame: the source's first frame number (0 or 1), where known. */
  sourceFrameBase?: number;
  provenance: TrackProvenance;
}

/** Counts of a set, always computed from the edges. See `countTracks`. */
export interface TrackCounts {
  objects: number;
  edges: number;
  /** Unbranched chains of edges: the graph cut at every object with more than one incoming or outgoing edge. */
  links: number;
  /** Weakly connected components with at least one edge. */
  tracks: number;
  /** Distinct frames with objects. */
  frames: number;
  /** Objects with more than one outgoing edge. */
  splits: number;
  /** Objects with more than one incoming edge. */
  merges: number;
  /** Edges that span more than one frame. */
  gaps: number;
}

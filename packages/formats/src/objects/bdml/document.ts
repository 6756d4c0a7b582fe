import type { EntityKind } from '@micrarium/model';

/** Geometry and properties of one kind of object in a component. */
export interface BdmlMeasurement {
  objectRef: string;
  entity: EntityKind | undefined;
  /** Vertices as stored: x, y, z interleaved. Points are parts of one vertex. */
  parts: number[][];
  radius: number | undefined;
  properties: { ref: string; value: number }[];
}

/** One observation, as stored. */
export interface BdmlComponent {
  id: string;
  name: string | undefined;
  time: number;
  previous: string[];
  measurements: BdmlMeasurement[];
}

/** What stands before the components, filled in as it goes by. */
export interface BdmlDocument {
  version: string | undefined;
  /** Verbatim header (info to methods) as one element `bdml`; `undefined` where there is none or it is too long. */
  header: string | undefined;
  scales: Map<string, string>;
  objects: string[];
  features: { name: string; scale: number; unit: string }[];
  /** Part that holds or names the data. */
  body: 'data' | 'series' | 'set' | 'extfile' | undefined;
  /** Ids of the documents a series or set names. */
  references: string[];
  /** Name of the BD5 file beside the document. */
  external: string | undefined;
  /** Numbers that cannot be read; they are NaN in what is given. */
  unreadable: { count: number; first: string };
}

/**
 * Called for each component; the promise is waited for before the next. The component is valid until then: its parts
 * are used again.
 */
export type TakeComponent = (component: BdmlComponent) => Promise<void> | undefined | void;

/** Number as `xsd:double` writes it; `undefined` where the text is none. */
export function xsdDouble(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === 'INF') return Number.POSITIVE_INFINITY;
  if (trimmed === '-INF') return Number.NEGATIVE_INFINITY;
  if (trimmed === 'NaN') return Number.NaN;
  const value = trimmed === '' || /[^-+.\deE]/.test(trimmed) ? Number.NaN : Number(trimmed);
  return Number.isNaN(value) ? undefined : value;
}

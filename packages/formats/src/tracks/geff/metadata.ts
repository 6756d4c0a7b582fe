import { type JsonObject, isObject, objectsOf } from '../../images/ome-zarr/group-metadata.ts';

/** One axis of a GEFF: the property that holds it, and what its numbers are. */
export interface GeffAxis {
  name: string;
  type: 'space' | 'time' | 'channel' | '';
  unit?: string;
  scale?: number;
  scaledUnit?: string;
  offset?: number;
}

/** What is said of a property. */
export interface GeffProperty {
  unit?: string;
  name?: string;
  description?: string;
  varlength: boolean;
}

/** The metadata of a GEFF, in one form for all versions. */
export interface GeffMetadata {
  version: string | undefined;
  directed: boolean;
  axes: GeffAxis[];
  /** Property that holds all space axes as one row a node (versions before 0.3). */
  position?: { property: string; axes: string[] };
  nodes: ReadonlyMap<string, GeffProperty>;
  edges: ReadonlyMap<string, GeffProperty>;
  /** Are properties declared at all? */
  declares: boolean;
  lineage?: string;
  tracklet?: string;
  /** Nested GEFFs: paths relative to this one. */
  children: string[];
  /** Label images and films the graph belongs to; of labels, the property whose value is the label of a node. */
  related: { type: 'labels' | 'image'; path: string; property?: string }[];
  extra: JsonObject;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const number = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined;

/** Reads the object `geff` of the attributes; `undefined` where it is none. Unknown entries are passed over. */
export function parseGeffMetadata(attributes: JsonObject): GeffMetadata | undefined {
  const geff = attributes['geff'];
  if (!isObject(geff)) return undefined;
  const track = isObject(geff['track_node_props']) ? geff['track_node_props'] : {};
  const lineage = text(track['lineage']);
  const tracklet = text(track['tracklet']);
  const position = text(geff['position_attr']) ?? text(geff['position_prop']);
  return {
    version: text(geff['geff_version']),
    directed: geff['directed'] !== false,
    axes: objectsOf(geff['axes']).flatMap((axis) => axisOf(axis)),
    ...(position ? { position: { property: position, axes: texts(geff['axis_names']) } } : {}),
    nodes: properties(geff['node_props_metadata'] ?? geff['node_attrs_metadata']),
    edges: properties(geff['edge_props_metadata'] ?? geff['edge_attrs_metadata']),
    declares: isObject(geff['node_props_metadata']),
    ...(lineage ? { lineage } : {}),
    ...(tracklet ? { tracklet } : {}),
    children: objectsOf(geff['related_objects'])
      .filter((related) => related['type'] === 'geff')
      .flatMap((related) => text(related['path']) ?? []),
    related: objectsOf(geff['related_objects']).flatMap((related) => {
      const { type } = related;
      const path = text(related['path']);
      // Versions before 1.0 spelled it label_prop.
      const property = text(related['node_prop']) ?? text(related['label_prop']);
      if ((type !== 'labels' && type !== 'image') || path === undefined) return [];
      return [{ type, path, ...(property ? { property } : {}) }];
    }),
    extra: isObject(geff['extra']) ? geff['extra'] : {},
  };
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function axisOf(axis: JsonObject): GeffAxis[] {
  const name = text(axis['name']);
  if (!name) return [];
  const type = axis['type'];
  const unit = text(axis['unit']);
  const scale = number(axis['scale']);
  const scaledUnit = text(axis['scaled_unit']);
  const offset = number(axis['offset']);
  return [
    {
      name,
      type: type === 'space' || type === 'time' || type === 'channel' ? type : '',
      ...(unit ? { unit } : {}),
      ...(scale === undefined ? {} : { scale }),
      ...(scaledUnit ? { scaledUnit } : {}),
      ...(offset === undefined ? {} : { offset }),
    },
  ];
}

function properties(value: unknown): Map<string, GeffProperty> {
  const found = new Map<string, GeffProperty>();
  if (!isObject(value)) return found;
  for (const [key, one] of Object.entries(value)) {
    if (!isObject(one)) continue;
    const unit = text(one['unit']);
    const name = text(one['name']);
    const description = text(one['description']);
    found.set(key, {
      ...(unit ? { unit } : {}),
      ...(name ? { name } : {}),
      ...(description ? { description } : {}),
      varlength: one['varlength'] === true,
    });
  }
  return found;
}

/** Which columns of a CellProfiler table mean what: positions in the row, -1 where there is none. */
export interface CellprofilerColumns {
  image: number;
  object: number;
  group: number;
  /** Frame in the group as the table says it, and the number of its first frame. */
  groupFrame: number;
  parentImage: number;
  parentObject: number;
  label: number;
  x: number;
  y: number;
  z: number;
  /** Displacement from the parent, used only where there is no position. */
  moveX: number;
  moveY: number;
  /** Trackings in the table: prefixes and search distances, as in the names. */
  trackings: readonly string[];
}

const parentColumn = /^(.*?)TrackObjects_ParentImageNumber(_\d+)?$/i;
const labelColumn = /^(.*?)TrackObjects_Label(_\d+)?$/i;

/**
 * Finds the columns. Merged tables prefix names (`Nuclei_TrackObjects_Label_15`); the suffix is the search distance and
 * may be missing. Positions of the same objects count first, then any.
 */
export function cellprofilerColumns(header: readonly string[]): CellprofilerColumns {
  const lower = header.map((name) => name.toLowerCase());
  const at = (...names: string[]) => {
    for (const name of names) {
      const found = lower.indexOf(name.toLowerCase());
      if (found >= 0) return found;
    }
    return -1;
  };
  const found = header.map((name) => parentColumn.exec(name) ?? labelColumn.exec(name)).filter((one) => one !== null);
  const trackings = [...new Set(found.map((one) => `${one[1]}TrackObjects${one[2] ?? ''}`))];
  const prefix = found[0]?.[1] ?? '';
  const suffix = found[0]?.[2] ?? '';
  const ending = (end: string) => lower.findIndex((name) => name.endsWith(end.toLowerCase()));
  const position = (axis: string) => {
    const own = at(`${prefix}Location_Center_${axis}`, `${prefix}AreaShape_Center_${axis}`);
    return own >= 0 ? own : Math.max(ending(`Location_Center_${axis}`), ending(`AreaShape_Center_${axis}`));
  };
  const tracking = (name: string) => at(`${prefix}TrackObjects_${name}${suffix}`);
  return {
    image: at('ImageNumber'),
    object: Math.max(at('ObjectNumber', `${prefix}ObjectNumber`, `${prefix}Number_Object_Number`), -1),
    group: at('Group_Number', 'Image_Group_Number'),
    groupFrame: at(
      'Group_Index',
      'Image_Group_Index',
      'Metadata_T',
      'Metadata_Frame',
      'Image_Metadata_T',
      'Image_Metadata_Frame',
    ),
    parentImage: tracking('ParentImageNumber'),
    parentObject: tracking('ParentObjectNumber'),
    label: tracking('Label'),
    x: position('X'),
    y: position('Y'),
    z: position('Z'),
    moveX: tracking('TrajectoryX'),
    moveY: tracking('TrajectoryY'),
    trackings,
  };
}

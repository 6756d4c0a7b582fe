import type { FieldValue, StudyItem, Term } from '@micrarium/model';
import type { ImageEntry } from '@micrarium/repository';
import {
  type Annotation,
  metadataFieldById,
  plainWell,
  type Region,
  type RegionShape,
  splitValueKey,
} from '@micrarium/standards';
import type { FoundVersion } from '../http/study-access.ts';

/** What is said of an image: of itself, of what it lies in, or of something in it. */
export interface ImageAnnotation {
  on: Annotation['on'];
  /** Object or region. */
  part?: string;
  key: string;
  label: string;
  id?: string;
}

/** Annotations kept with one image; and of its objects and regions together. */
const mostPerImage = 500;
const mostOfParts = 5000;

/** A region of an image and its shapes. */
export interface ImageRegion {
  name: string;
  shapes: RegionShape[];
}

/** Regions kept with one image. */
const mostRegions = 1000;

/** Fields of the form that say what an image shows. */
const shownFields = new Set([
  'organism',
  'strain',
  'cellLine',
  'cellType',
  'tissue',
  'genesProteinsReagents',
  'molecularFunction',
  'biologicalProcess',
  'cellularComponent',
  'phenotype',
  'geneticChange',
  'treatment',
  'experimentalVariable',
  'imagingMethods',
]);

const folded = (text: string) => text.trim().toLowerCase();
const base = (path: string) => path.slice(path.lastIndexOf('/') + 1);

/** Annotations by where they were read: those of a metadata file are about the item it belongs to. */
export interface ReadAnnotations {
  path: string;
  annotations: readonly Annotation[];
  regions?: readonly Region[];
}

/** For each image what is said of it, by `item/image`: by the files first, then by the form. */
export function annotationsOfImages(
  version: Pick<FoundVersion, 'items' | 'datasets' | 'metadata'>,
  images: readonly ImageEntry[],
  read: readonly ReadAnnotations[],
): Map<string, ImageAnnotation[]> {
  const places = new Places(version, images);
  const found = new Map<string, ImageAnnotation[]>(images.map((one) => [keyOf(one), []]));
  const counts = new Map<string, number>();
  const add = (entries: readonly ImageEntry[], annotation: ImageAnnotation) => {
    for (const entry of entries) {
      const key = keyOf(entry);
      const group = annotation.part === undefined ? '' : 'parts';
      const count = counts.get(`${key} ${group}`) ?? 0;
      if (count >= (group === '' ? mostPerImage : mostOfParts)) continue;
      counts.set(`${key} ${group}`, count + 1);
      found.get(key)!.push(annotation);
    }
  };
  for (const { path, annotations } of read)
    for (const one of annotations) {
      const { on, part, key, value } = one;
      add(places.of(one, path), {
        on,
        ...(part === undefined ? {} : { part }),
        key,
        label: value.label === '' ? (value.id ?? '') : value.label,
        ...(value.id === undefined ? {} : { id: value.id }),
      });
    }
  for (const [key, value] of Object.entries(version.metadata.values)) {
    const { field, dataset } = splitValueKey(key);
    if (!shownFields.has(field)) continue;
    const entries = dataset === undefined ? images : images.filter((one) => one.dataset === dataset);
    const name = metadataFieldById(field)?.label.en ?? field;
    for (const term of termsOf(value))
      add(entries, { on: dataset === undefined ? 'study' : 'dataset', key: name, ...term });
  }
  return found;
}

/** For each image the regions that files draw in it, by `item/image`. */
export function regionsOfImages(
  version: Pick<FoundVersion, 'items' | 'datasets'>,
  images: readonly ImageEntry[],
  read: readonly ReadAnnotations[],
): Map<string, ImageRegion[]> {
  const places = new Places(version, images);
  const found = new Map<string, ImageRegion[]>();
  for (const { path, regions = [] } of read)
    for (const { name, image, imageIndex, shapes } of regions) {
      const named = places.of({ on: 'region', name: image, part: name, key: '', value: { label: '' } }, path);
      // Images of one file may share a name: then the order of the file tells them apart.
      const ownItem = named.filter((one) => one.image === imageIndex);
      for (const entry of named.length > 1 && ownItem.length > 0 ? ownItem : named) {
        const list = found.get(keyOf(entry)) ?? [];
        if (list.length < mostRegions) list.push({ name, shapes });
        found.set(keyOf(entry), list);
      }
    }
  return found;
}

export const keyOf = ({ item, image }: { item: string; image: number }) => `${item}/${image}`;

function termsOf(value: FieldValue): { label: string; id?: string }[] {
  if (!Array.isArray(value)) return [];
  return (value as (string | Term)[]).flatMap((one) => {
    if (typeof one === 'string') return one === 'NA' ? [] : [{ label: one }];
    return 'label' in one ? [{ label: one.label, ...(one.id === undefined ? {} : { id: one.id }) }] : [];
  });
}

/** Finds the images that a name stands for. */
class Places {
  private readonly images: readonly ImageEntry[];
  private readonly byName: Map<string, ImageEntry[]>;
  private readonly byWell: Map<string, ImageEntry[]>;
  private readonly plateOf: Map<string, string>;
  private readonly itemsOfFile: Map<string, Set<string>>;
  private readonly datasetTitles: Map<string, string>;

  constructor(version: Pick<FoundVersion, 'items' | 'datasets'>, images: readonly ImageEntry[]) {
    this.images = images;
    this.byName = new Map();
    this.byWell = new Map();
    this.datasetTitles = new Map(version.datasets.map(({ id, title }) => [id, folded(title)]));
    this.plateOf = new Map(
      version.items.flatMap((item: StudyItem) => (item.plate ? [[item.id, folded(item.plate.name)] as const] : [])),
    );
    this.itemsOfFile = new Map();
    for (const item of version.items)
      for (const path of item.files) this.itemsOfFile.set(path, (this.itemsOfFile.get(path) ?? new Set()).add(item.id));
    const note = (map: Map<string, ImageEntry[]>, name: string, entry: ImageEntry) => {
      const list = map.get(name);
      if (list === undefined) map.set(name, [entry]);
      else if (!list.includes(entry)) list.push(entry);
    };
    for (const entry of images) {
      const file = base(entry.path);
      for (const name of [entry.name, file, file.replace(/(\.ome)?\.[a-z0-9]+$/i, ''), entry.path])
        note(this.byName, folded(name), entry);
      if (entry.well !== undefined) note(this.byWell, plainWell(entry.well), entry);
    }
  }

  of({ on, name, container }: Annotation, path: string): readonly ImageEntry[] {
    const around = container === undefined ? undefined : folded(container);
    if (on === 'study') return this.ofFile(this.images, path);
    if (on === 'dataset') return this.images.filter((one) => this.titleOf(one) === folded(name));
    if (on === 'plate') return this.images.filter((one) => this.plateOf.get(one.item) === folded(name));
    if (on === 'well') {
      const wells = this.byWell.get(plainWell(name)) ?? [];
      const ofPlate = wells.filter((one) => this.plateOf.get(one.item) === around);
      return ofPlate.length > 0 || around === undefined || this.plateOf.size > 1
        ? around === undefined
          ? wells
          : ofPlate
        : wells;
    }
    const own = this.images.filter((one) => this.itemsOfFile.get(path)?.has(one.item));
    const named = this.ofFile(this.byName.get(folded(name)) ?? this.byName.get(folded(base(name))) ?? [], path);
    // Metadata within the file of a single image are about it, whatever they call it.
    if (named.length === 0) return own.length === 1 ? own : [];
    const inside = named.filter((one) => this.titleOf(one) === around);
    return inside.length > 0 ? inside : named;
  }

  /** Of those the ones that the file belongs to, where it belongs to any. */
  private ofFile(entries: readonly ImageEntry[], path: string): readonly ImageEntry[] {
    const own = this.itemsOfFile.get(path);
    const inside = own === undefined ? [] : entries.filter((one) => own.has(one.item));
    return inside.length > 0 ? inside : entries;
  }

  private titleOf(entry: ImageEntry): string | undefined {
    return entry.dataset === undefined ? undefined : this.datasetTitles.get(entry.dataset);
  }
}

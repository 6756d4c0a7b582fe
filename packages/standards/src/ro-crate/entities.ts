import { isRecord, type Json, type JsonRecord, listOf, recordsOf, textOf, textsOf } from '../json/json.ts';

/** An entity of a crate: an object with `@id` and `@type`. */
export type CrateEntity = JsonRecord;

/** A crate by its entities. */
export class Crate {
  readonly entities: CrateEntity[];
  readonly byId = new Map<string, CrateEntity>();
  /** Entities by their identifier written out: `a b.tif` and `a%20b.tif` are the same file. */
  private readonly byPlain = new Map<string, CrateEntity>();
  readonly descriptor: CrateEntity | undefined;
  readonly root: CrateEntity | undefined;

  constructor(document: JsonRecord) {
    this.entities = recordsOf(document['@graph']);
    for (const entity of this.entities) {
      const id = textOf(entity['@id']);
      if (id === undefined) continue;
      if (!this.byId.has(id)) this.byId.set(id, entity);
      if (!this.byPlain.has(plainId(id))) this.byPlain.set(plainId(id), entity);
    }
    this.descriptor = this.entities.find(
      (one) => /(^|[/-])ro-crate-metadata\.json(ld)?$/.test(textOf(one['@id']) ?? '') && one.about !== undefined,
    );
    const about = this.descriptor ? this.targets(this.descriptor.about)[0] : undefined;
    this.root = about ?? this.byId.get('./');
  }

  /** The entities a value refers to. */
  targets(value: Json | undefined): CrateEntity[] {
    return idsOf(value)
      .map((id) => this.byId.get(id) ?? this.byPlain.get(plainId(id)))
      .filter((entity) => entity !== undefined);
  }

  /** The first name or text a value gives, itself or by reference. */
  nameAt(value: Json | undefined): string | undefined {
    return textOf(this.targets(value)[0]?.name) ?? textsOf(value)[0] ?? idsOf(value)[0];
  }
}

function plainId(id: string): string {
  if (!id.includes('%')) return id;
  try {
    return decodeURI(id);
  } catch {
    return id;
  }
}

/** Identifiers a value refers to. */
export function idsOf(value: Json | undefined): string[] {
  return listOf(value).flatMap((one) => (isRecord(one) ? (textOf(one['@id']) ?? []) : []));
}

/** Is the entity of one of the types, with or without prefix? */
export function isType(entity: CrateEntity | undefined, ...types: string[]): boolean {
  return textsOf(entity?.['@type']).some((type) => types.includes(type.replace(/^[a-z]+:(?!\/\/)/, '')));
}

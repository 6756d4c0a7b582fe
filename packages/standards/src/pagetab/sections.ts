import { isRecord, listOf, type Json, type JsonRecord, textOf } from '../json/json.ts';

/** Attribute of a link that is a file of the study kept elsewhere; its value is the path the study knows it by. */
export const elsewhereAttribute = 'micrarium file elsewhere';

/** An attribute of PageTab: a name, a value, and whether the value is the accession number of another section. */
export interface PageTabAttribute {
  name: string;
  value: string;
  isReference: boolean;
  /** Qualifiers of the value, such as the URL of a licence. */
  qualifiers: { name: string; value: string }[];
}

/** A section with its place in the document, such as `section.subsections[4]`. */
export interface PageTabSection {
  type: string;
  accno?: string;
  attributes: PageTabAttribute[];
  links: { url: string; attributes: PageTabAttribute[]; place: string }[];
  sections: PageTabSection[];
  place: string;
}

/** Reads a section of the JSON form; lists within `subsections` are tables of sections. Anything of another shape is passed over. */
export function readSection(value: Json | undefined, place: string, depth = 0): PageTabSection {
  const record: JsonRecord = isRecord(value) ? value : {};
  const accno = textOf(record.accno);
  const sections: PageTabSection[] = [];
  listOf(record.subsections).forEach((one, index) => {
    const at = `${place}.subsections[${index}]`;
    if (depth > 20) return;
    if (Array.isArray(one)) one.forEach((row, inner) => sections.push(readSection(row, `${at}[${inner}]`, depth + 1)));
    else sections.push(readSection(one, at, depth + 1));
  });
  return {
    type: textOf(record.type) ?? '',
    ...(accno === undefined ? {} : { accno }),
    attributes: readAttributes(record.attributes),
    links: listOf(record.links)
      .flatMap((one, index) =>
        (Array.isArray(one) ? one : [one]).map((row) => ({ row, place: `${place}.links[${index}]` })),
      )
      .flatMap(({ row, place: at }) =>
        isRecord(row) ? [{ url: textOf(row.url) ?? '', attributes: readAttributes(row.attributes), place: at }] : [],
      ),
    sections,
    place,
  };
}

/** Reads a list of attributes. */
export function readAttributes(value: Json | undefined): PageTabAttribute[] {
  return listOf(value).flatMap((one) => {
    if (!isRecord(one)) return [];
    return [
      {
        name: textOf(one.name) ?? '',
        value: textOf(one.value) ?? '',
        isReference: one.reference === true || one.isReference === true,
        qualifiers: listOf(one.valqual).flatMap((qualifier) =>
          isRecord(qualifier) ? [{ name: textOf(qualifier.name) ?? '', value: textOf(qualifier.value) ?? '' }] : [],
        ),
      },
    ];
  });
}

/** Is a section of one of the kinds? Case and British or American spelling do not count. */
export function isKind(section: PageTabSection, ...kinds: string[]): boolean {
  return kinds.includes(section.type.toLowerCase().replace('organization', 'organisation'));
}

/** First value under one of the names, whatever their case. */
export function valueOf(attributes: readonly PageTabAttribute[], ...names: string[]): string | undefined {
  return valuesOf(attributes, ...names)[0];
}

/** All values under the names that say something. */
export function valuesOf(attributes: readonly PageTabAttribute[], ...names: string[]): string[] {
  return attributes
    .filter(({ name, value }) => names.includes(name.toLowerCase()) && value !== '')
    .map(({ value }) => value);
}

/** A section and all below it. */
export function allSections(section: PageTabSection): PageTabSection[] {
  return [section, ...section.sections.flatMap(allSections)];
}

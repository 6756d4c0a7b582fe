import type { Issue } from '@micrarium/model';
import { exchangeIssue } from '../exchange/exchange.ts';
import { isRecord, type Json, type JsonRecord, textOf } from '../json/json.ts';

/** Values that 4.7 added, with what 4.6 has in their place (update notes of the two kernels). */
const typesOf46: Readonly<Record<string, string>> = { Poster: 'Other', Presentation: 'Other' };

/** A related identifier of a kind that 4.7 added, as one that 4.6 has. */
const identifiersOf46: Readonly<Record<string, (value: string) => readonly [type: string, value: string]>> = {
  RAiD: (value) => (/^https?:\/\//i.test(value) ? ['URL', value] : ['Handle', value]),
  SWHID: (value) => [
    'URL',
    /^https?:\/\//i.test(value) ? value : `https://archive.softwareheritage.org/${encodeURI(value)}`,
  ],
};

/** Losses told of one kind by name; more are only counted. */
const mostTold = 20;

/**
 * A DataCite record as kernel 4.6 has it, the version registrars take: values and members that only 4.7 has are written as
 * the nearest that 4.6 has, or left out, and told. What is imported stays as it was with the study.
 */
export function asKernel46(record: JsonRecord): { document: JsonRecord; losses: Issue[] } {
  const losses: Issue[] = [];
  const lost = (field: string, said: string, instead: string) => {
    if (losses.length < mostTold)
      losses.push(
        exchangeIssue('not-expressed', `DataCite 4.6 has no “${said.slice(0, 80)}”, which 4.7 has: ${instead}`, {
          where: { field },
        }),
      );
  };
  const document: JsonRecord = { ...record };
  if (/kernel-4\.[7-9]/.test(textOf(record.schemaVersion) ?? ''))
    document.schemaVersion = 'http://datacite.org/schema/kernel-4';
  if (isRecord(record.types)) document.types = typed(record.types, 'types', lost);
  for (const member of ['relatedIdentifiers', 'relatedItems'] as const) {
    const list = record[member];
    if (Array.isArray(list))
      document[member] = list.map((one, index) => (isRecord(one) ? related(one, `${member}[${index}]`, lost) : one));
  }
  return { document, losses };
}

type Lost = (field: string, said: string, instead: string) => void;

function typed(one: JsonRecord, place: string, lost: Lost, member = 'resourceTypeGeneral'): JsonRecord {
  const general = textOf(one[member]);
  const instead = general !== undefined && Object.hasOwn(typesOf46, general) ? typesOf46[general]! : undefined;
  if (general === undefined || instead === undefined) return one;
  lost(`${place}.${member}`, general, `“${instead}” is written`);
  // The free text beside the type of the record says it still.
  const free = place === 'types' && textOf(one.resourceType) === undefined ? { resourceType: general } : {};
  return { ...one, ...free, [member]: instead };
}

function related(one: JsonRecord, place: string, lost: Lost): JsonRecord {
  let written = typed(typed(one, place, lost), place, lost, 'relatedItemType');
  const information = textOf(one.relationTypeInformation);
  if (one.relationTypeInformation !== undefined) {
    const { relationTypeInformation: _left, ...rest } = written;
    written = rest;
    if (information !== undefined)
      lost(`${place}.relationTypeInformation`, 'relationTypeInformation', `“${information.slice(0, 80)}” is left out`);
  }
  if (textOf(one.relationType) === 'Other') {
    lost(`${place}.relationType`, 'Other', '“References” is written');
    written = { ...written, relationType: 'References' };
  }
  written = identified(written, 'relatedIdentifierType', 'relatedIdentifier', place, lost);
  const inner = written.relatedItemIdentifier;
  return isRecord(inner)
    ? {
        ...written,
        relatedItemIdentifier: identified(
          inner,
          'relatedItemIdentifierType',
          'relatedItemIdentifier',
          `${place}.relatedItemIdentifier`,
          lost,
        ),
      }
    : written;
}

function identified(one: JsonRecord, type: string, member: string, place: string, lost: Lost): JsonRecord {
  const said = textOf(one[type]);
  const value: Json | undefined = one[member];
  const of46 = said !== undefined && Object.hasOwn(identifiersOf46, said) ? identifiersOf46[said] : undefined;
  if (said === undefined || of46 === undefined || typeof value !== 'string') return one;
  const [kind, identifier] = of46(value);
  lost(`${place}.${type}`, said, `“${identifier}” is written with the type “${kind}”`);
  return { ...one, [type]: kind, [member]: identifier };
}

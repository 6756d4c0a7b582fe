import type { Issue } from '@micrarium/model';
import { isRecord, type Json, type JsonRecord, recordsOf } from '../json/json.ts';
import { checkShape, documentIssue } from '../validate/document-shape.ts';
import { memberOf, numberAt, schemaOf, textAt } from './components.ts';
import { microMetaKind, microMetaWithin } from './micro-meta.ts';

const standard = '4DN-BINA-OME';

/** Numbers of components that are always above zero. */
const positive = ['Magnification', 'NominalMagnification', 'CalibratedMagnification', 'LensNA', 'WorkingDistance'];
/** Sizes of the pixels of an image. */
const sizes = ['SizeX', 'SizeY', 'SizeZ', 'SizeC', 'SizeT'];
const scales = ['PhysicalSizeX', 'PhysicalSizeY', 'PhysicalSizeZ', 'TimeIncrement'];

/**
 * Checks a microscope or the settings of an image of the Micro-Meta App (4DN-BINA-OME 2): every object has a name, the name
 * of its schema and an identifier used once; a microscope has a stand and components, settings have pixels; numbers are
 * numbers. Makers, models and the microscope of settings should be there.
 */
export function checkMicroMeta(document: Json): Issue[] {
  const inner = microMetaWithin(document);
  const kind = microMetaKind(inner);
  if (kind === undefined || !isRecord(inner)) {
    const wanted = checkShape(inner, { kind: 'object', must: { Schema_ID: { kind: 'text' } } }, standard);
    return wanted.length > 0
      ? wanted
      : [
          documentIssue(
            'document-member-malformed',
            `${standard}: this is neither a microscope nor the settings of an image`,
          ),
        ];
  }
  const issues: Issue[] = [];
  const prefix = inner === document ? '' : 'microscope';
  const check = new MicroMetaCheck(issues);
  check.named(inner, prefix);
  if (kind === 'microscope') microscope(inner, prefix, check);
  else settings(inner, prefix, check);
  return issues;
}

const within = (place: string, name: string) => (place === '' ? name : `${place}.${name}`);

/** Rules that hold for every object of the model. */
class MicroMetaCheck {
  private readonly issues: Issue[];
  private readonly seen = new Map<string, string>();

  constructor(issues: Issue[]) {
    this.issues = issues;
  }

  /** @param isWanted it should be there, and an older or shorter description may lack it */
  missing(place: string, name: string, isWanted = false): void {
    this.issues.push(
      documentIssue('document-member-missing', `${standard}: ${place || 'the document'} has no ${name}`, {
        where: { field: within(place, name) },
        ...(isWanted ? { severity: 'warning' as const } : {}),
      }),
    );
  }

  /** A name, a schema and an identifier that no other object has. */
  named(record: JsonRecord, place: string): void {
    for (const name of ['Name', 'Schema_ID', 'ID']) if (textAt(record, name) === undefined) this.missing(place, name);
    const id = textAt(record, 'ID');
    const other = id === undefined ? undefined : this.seen.get(id);
    if (id !== undefined && other !== undefined)
      this.issues.push(
        documentIssue(
          'document-member-malformed',
          `${standard}: ${place || 'the document'} has the ID of ${other}: ${id.slice(0, 60)}`,
          { where: { field: within(place, 'ID') } },
        ),
      );
    else if (id !== undefined) this.seen.set(id, place || 'the document');
  }

  /** Numbers above zero, where they are said at all. */
  numbers(record: JsonRecord, place: string, names: readonly string[]): void {
    for (const name of names) {
      const said = textAt(record, name);
      if (said !== undefined && !((numberAt(record, name) ?? 0) > 0))
        this.issues.push(
          documentIssue(
            'document-member-malformed',
            `${standard}: ${within(place, name)} is “${said.slice(0, 60)}”, not a number above zero`,
            { where: { field: within(place, name) } },
          ),
        );
    }
  }
}

function microscope(document: JsonRecord, place: string, check: MicroMetaCheck): void {
  const stand = memberOf(document, 'MicroscopeStand');
  if (isRecord(stand)) {
    check.named(stand, within(place, 'MicroscopeStand'));
    for (const name of ['Manufacturer', 'Model'])
      if (textAt(stand, name) === undefined) check.missing(within(place, 'MicroscopeStand'), name, true);
  } else check.missing(place, 'MicroscopeStand');
  const components = memberOf(document, 'components');
  if (!Array.isArray(components)) return check.missing(place, 'components');
  components.forEach((one, index) => {
    const at = within(place, `components[${index}]`);
    if (!isRecord(one)) return check.missing(at, 'Schema_ID');
    check.named(one, at);
    check.numbers(one, at, positive);
    if (schemaOf(one) === 'Objective')
      // Early versions of the model call it nominal.
      for (const [name, ...early] of [['Magnification', 'NominalMagnification'], ['LensNA']] as const)
        if (textAt(one, name, ...early) === undefined) check.missing(at, name, true);
  });
}

function settings(document: JsonRecord, place: string, check: MicroMetaCheck): void {
  for (const name of ['InstrumentName', 'InstrumentID'])
    if (textAt(document, name) === undefined) check.missing(place, name, true);
  const pixels = memberOf(document, 'Pixels');
  if (isRecord(pixels)) {
    const at = within(place, 'Pixels');
    for (const name of ['SizeX', 'SizeY']) if (textAt(pixels, name) === undefined) check.missing(at, name);
    check.numbers(pixels, at, [...sizes, ...scales]);
  } else check.missing(place, 'Pixels');
  recordsOf(memberOf(document, 'Channels')).forEach((one, index) => {
    const at = within(place, `Channels[${index}]`);
    if (textAt(one, 'Name') === undefined) check.missing(at, 'Name');
    check.numbers(one, at, ['ExcitationWavelength', 'EmissionWavelength']);
  });
}

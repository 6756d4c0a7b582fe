import { describe, expect, it } from 'vitest';
import { archiveFields } from './archive-fields.ts';
import { checkMetadata, isCalendarDate, isOrcid } from './check.ts';

const complete = {
  title: 'A study',
  description: 'What it holds',
  releaseDate: '2026-11-20',
  licence: 'CC-BY-4.0',
  contactFirstName: 'Hanako',
  contactLastName: 'Yamada',
  contactEmail: 'h@example.org',
  contactOrganisation: 'Example University',
  dataFormats: ['TIFF'],
  dataSize: '1 GB',
  organism: [{ label: 'Homo sapiens', id: 'NCBITaxon:9606' }],
};

describe('fields of the archive tier', () => {
  it('are 11 required, 3 recommended and 15 optional, with unique ids', () => {
    const count = (obligation: string) => archiveFields.filter((field) => field.archive === obligation).length;
    expect([count('required'), count('recommended'), count('optional')]).toEqual([11, 3, 15]);
    expect(new Set(archiveFields.map((field) => field.id)).size).toBe(29);
  });

  it('have examples that pass their own check', () => {
    for (const field of archiveFields) {
      const value =
        field.type === 'text-list'
          ? [field.example]
          : field.type === 'term-list'
            ? [{ label: field.example }]
            : field.example;
      const issues = checkMetadata({ values: { ...complete, [field.id]: value }, origins: {} }).filter(
        (issue) => issue.severity === 'error',
      );
      expect(issues, field.id).toEqual([]);
    }
  });
});

describe('checking metadata', () => {
  it('names every required field that is missing', () => {
    const missing = checkMetadata({ values: {}, origins: {} }).filter((issue) => issue.code === 'field-missing');
    expect(missing.map((issue) => issue.where.field)).toEqual(
      archiveFields.filter((field) => field.archive === 'required').map((field) => field.id),
    );
  });

  it('finds malformed values, wrong shapes, unknown fields and control characters', () => {
    const codes = checkMetadata({
      values: {
        ...complete,
        releaseDate: '2026-02-30',
        licence: 'TBD',
        organism: [{ label: 'homo sapiens' }],
        title: 'a\u0000b',
        strain: 'N2',
        colour: 'red',
      },
      origins: {},
    }).map((issue) => `${issue.where.field} ${issue.code}`);
    expect(codes).toEqual(
      expect.arrayContaining([
        'releaseDate field-malformed',
        'licence field-malformed',
        'organism organism-abbreviated',
        'title text-forbidden-character',
        'strain field-wrong-kind',
        'colour field-unknown',
      ]),
    );
  });

  it.each(['CC-BY-3.0', 'Terms of the Example Bank', 'https://example.org/terms'])(
    'lets the licence %s pass, which is not offered, and says so',
    (licence) => {
      const found = checkMetadata({ values: { ...complete, licence }, origins: {} });
      expect(
        found.filter(({ where }) => where.field === 'licence').map(({ code, severity }) => [code, severity]),
      ).toEqual([['licence-unverified', 'warning']]);
    },
  );

  it('takes groups and people of one name as authors, and nobody without a last name or a place', () => {
    const role = 'image' as const;
    const codes = (...contributors: { firstName: string; lastName: string; organisation: string }[]) =>
      checkMetadata({
        values: { ...complete, contributors: contributors.map((one) => ({ ...one, role })) },
        origins: {},
      })
        .filter(({ where }) => where.field === 'contributors')
        .map(({ code, message }) => [code, message]);
    expect(
      codes(
        { firstName: '', lastName: 'Sukarno', organisation: 'Example University' },
        { firstName: '', lastName: 'RIKEN Center for Biosystems Dynamics Research', organisation: '' },
      ),
    ).toEqual([]);
    expect(codes({ firstName: 'Ann', lastName: '', organisation: '' })).toEqual([
      ['contributor-incomplete', 'Contributor 1 lacks lastName, organisation'],
    ]);
  });

  it('lets a complete study pass', () => {
    expect(checkMetadata({ values: complete, origins: {} }).filter((issue) => issue.severity === 'error')).toEqual([]);
  });
});

describe('spelling', () => {
  it.each([
    ['0000-0002-1825-0097', true],
    ['0000-0002-1825-0098', false],
    ['0000-0001-5109-3700', true],
    ['0000-0002-9079-593X', true],
  ])('ORCID %s: %s', (orcid, good) => {
    expect(isOrcid(orcid)).toBe(good);
  });
  it.each([
    ['2026-02-28', true],
    ['2026-02-29', false],
    ['26-2-1', false],
  ])('date %s: %s', (date, good) => {
    expect(isCalendarDate(date)).toBe(good);
  });
});

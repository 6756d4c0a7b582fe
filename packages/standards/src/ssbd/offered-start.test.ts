import { expect, test } from 'vitest';
import { offeredStart } from './offered-start.ts';

const datasets = [{ id: 'd-1' }, { id: 'd-2' }, { id: 'd-3' }];
const mouse = [{ label: 'Mus musculus', id: 'NCBITaxon:10090' }];
const person = {
  firstName: 'Ada',
  lastName: 'Lovelace',
  organisation: 'U',
  role: 'image' as const,
  email: 'a@example.org',
};

test('a data set that lacks what all others agree on is offered it, and so is the study', () => {
  const values = { 'organism@d-1': mouse, 'organism@d-2': mouse };
  expect(offeredStart('organism@d-3', values, datasets)).toEqual(mouse);
  expect(offeredStart('organism', values, datasets)).toEqual(mouse);
  // What is there needs no start, and what differs gives none.
  expect(offeredStart('organism@d-1', values, datasets)).toBeUndefined();
  expect(
    offeredStart('organism@d-3', { ...values, 'organism@d-2': [{ label: 'Homo sapiens' }] }, datasets),
  ).toBeUndefined();
  expect(offeredStart('datasetDescription@d-3', { 'datasetDescription@d-1': 'x' }, datasets)).toBeUndefined();
});

test('the contact is offered out of the only contributor, or the one of that name, and the reverse', () => {
  const values = { contributors: [person] };
  expect(offeredStart('contactLastName', values, [])).toBe('Lovelace');
  expect(offeredStart('contactEmail', values, [])).toBe('a@example.org');
  expect(offeredStart('contactOrcid', values, [])).toBeUndefined();
  const two = { contributors: [person, { ...person, firstName: 'Bo', email: 'b@example.org' }] };
  expect(offeredStart('contactEmail', two, [])).toBeUndefined();
  expect(offeredStart('contactEmail', { ...two, contactFirstName: 'Bo' }, [])).toBe('b@example.org');
  expect(
    offeredStart(
      'contributors',
      { contactFirstName: 'Ada', contactLastName: 'Lovelace', contactOrganisation: 'U' },
      [],
    ),
  ).toEqual([{ firstName: 'Ada', lastName: 'Lovelace', organisation: 'U', role: 'image and quantitative' }]);
  expect(offeredStart('contributors', { contactFirstName: 'Ada' }, [])).toBeUndefined();
});

test('the method summary begins with the paper, where one is named', () => {
  expect(offeredStart('methodSummary', { paperDoi: '10.1234/abc' }, [])).toBe('See https://doi.org/10.1234/abc');
  expect(offeredStart('methodSummary', {}, [])).toBeUndefined();
  expect(offeredStart('title', { paperDoi: '10.1234/abc' }, [])).toBeUndefined();
  expect(offeredStart('colour', {}, [])).toBeUndefined();
});

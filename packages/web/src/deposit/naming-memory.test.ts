import { type NamingTemplate, checkNames, usualRules } from '@micrarium/formats';
import { expect, it } from 'vitest';
import { studyTemplate, templateSlot, writtenTemplate } from './naming-memory.ts';
import { type ValueSlot, editableOf, slotsOf } from './slots.ts';

const template: NamingTemplate = {
  schema: 'micrarium-naming-1',
  name: 'Our laboratory',
  levels: ['condition'],
  pattern: ['{well}', 't{t}.tif'].join('_'),
  rules: { ...usualRules, spaces: true, longest: 12 },
};

it('rules go with the draft and come back from it, and hold for files that come later', () => {
  const saved = editableOf({ [templateSlot]: { value: writtenTemplate(template) }, 'value:title': { value: 'T' } });
  expect(Object.keys(saved.metadata.values)).toEqual(['naming', 'title']);
  const slots = slotsOf({ ...saved, pairs: [] });
  const back = studyTemplate((slots[templateSlot] as ValueSlot).value);
  expect(back).toEqual(template);
  expect(checkNames(['A01 t1.tif', 'a-rather-long-name.tif'], back!.rules).map(({ code }) => code)).toEqual([
    'name-too-long',
  ]);
});

it('a pattern that is half typed is not kept, none at all is', () => {
  expect(writtenTemplate({ ...template, pattern: '{we' })).toBeUndefined();
  const { pattern: _, ...without } = template;
  expect(studyTemplate(writtenTemplate({ ...template, pattern: '' }))).toEqual(without);
});

it('a study without rules, or with something else in their place, has none', () => {
  for (const value of [undefined, 'no JSON', '{}', ['a list']]) expect(studyTemplate(value)).toBeUndefined();
});

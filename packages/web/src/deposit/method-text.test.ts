import { expect, test } from 'vitest';
import { methodOfText, parametersAsText } from './method-text.ts';

test('lines become parameters, and come back as lines', () => {
  const method = methodOfText(
    { name: ' LoG ', parameters: 'RADIUS = 2.5\nmedian: false\nchosen by eye\n' },
    { name: '', parameters: 'x = 1' },
  );
  expect(method).toEqual({
    detector: { name: 'LoG', parameters: { RADIUS: 2.5, median: false, 'note 3': 'chosen by eye' } },
  });
  expect(parametersAsText(method!.detector!.parameters)).toBe('RADIUS = 2.5\nmedian = false\nnote 3 = chosen by eye');
});

test('nothing typed is nothing said', () => {
  expect(methodOfText({ name: '', parameters: '' }, { name: ' ', parameters: 'a = 1' })).toBeUndefined();
});

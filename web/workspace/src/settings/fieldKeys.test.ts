import { expect, it } from 'vitest';
import { keyFor, readChoices } from './fieldKeys';

it('the key of a field is made of its name, in any script, and is nobody else’s', () => {
  expect(keyFor('Тариф', [])).toBe('tarif');
  expect(keyFor('Café №1', [])).toBe('cafe_no1');
  expect(keyFor('Тариф', ['tarif', 'tarif_2'])).toBe('tarif_3');
  expect(keyFor('2-й этаж', [])).toBe('field_2_y_etazh');
  expect(keyFor('🙂', [])).toBe('field');
});

it('choices are lines without doubles and empty ones', () => {
  expect(readChoices(' a \n\nb\na')).toEqual(['a', 'b']);
});

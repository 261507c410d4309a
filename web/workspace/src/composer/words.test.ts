import { describe, expect, it } from 'vitest';
import { isBlank, plainText, promisesAttachment } from './words';

describe('a promised attachment', () => {
  it.each([
    'Прикрепил файл',
    'договор во вложении',
    'Скан прилагаю',
    'см. вложение',
    'Please find attached',
    'I attach the invoice',
    'see the attachment',
    'Both attachments are signed',
    'Всё написано в приложенном файле',
    'Посмотрите вложение',
    'Вкладываю акт',
  ])('is heard in: %s', (text) => expect(promisesAttachment(text)).toBe(true));
  it.each([
    'Здравствуйте! Всё исправили.',
    'We sent it by post',
    'привязанность',
    'Деньги вернём завтра',
    'Вкладываемся в срок',
  ])('is not heard in: %s', (text) => expect(promisesAttachment(text)).toBe(false));
  it('is not heard in quoted lines', () => {
    expect(promisesAttachment('Спасибо\n> прикрепила файл')).toBe(false);
  });
});

describe('an empty answer', () => {
  it('is one without words', () => {
    expect(isBlank('<p></p><p> &nbsp;</p>')).toBe(true);
    expect(isBlank('<p>a</p>')).toBe(false);
  });
  it('is also one that holds only the prepared greeting and closing', () => {
    const prepared = '<p>Hello Anna,</p><p></p><p>Always here</p>';
    expect(isBlank('<p>Hello Anna,</p><p></p><p>Always here</p>', prepared)).toBe(true);
    expect(isBlank('<p>Hello Anna,</p><p>Done.</p><p>Always here</p>', prepared)).toBe(false);
  });
  it('is not one with a picture', () => {
    expect(isBlank('<p><img src="/x.png"></p>')).toBe(false);
  });
});

it('the plain text of HTML keeps its lines apart', () => {
  expect(plainText('<p>a</p><p>b<br>c</p>').trim().split(/\n+/)).toEqual(['a', 'b', 'c']);
});

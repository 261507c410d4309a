-- Merged contacts, imports that cannot go on, and the audit log are found again by what people remember of them.

-- An answer looks for everybody who was merged into a ticket's contact.
CREATE INDEX contact_by_merged_into ON contact (merged_into) WHERE merged_into IS NOT NULL;

-- "failed" is a state of its own; the stable code of what stopped it, else empty.
ALTER TABLE contact_import ADD COLUMN failure TEXT NOT NULL DEFAULT '';

-- What a changed thing was called, in lower case as the program makes it: neither engine can be relied on to know more than
-- Latin. Old rows get it here, Russian letter by Russian letter.
ALTER TABLE audit ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
UPDATE audit SET name_key = lower(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(object_name
  , 'А', 'а'), 'Б', 'б'), 'В', 'в'), 'Г', 'г'), 'Д', 'д'), 'Е', 'е'), 'Ё', 'ё'), 'Ж', 'ж'), 'З', 'з'), 'И', 'и')
  , 'Й', 'й'), 'К', 'к'), 'Л', 'л'), 'М', 'м'), 'Н', 'н'), 'О', 'о'), 'П', 'п'), 'Р', 'р'), 'С', 'с'), 'Т', 'т')
  , 'У', 'у'), 'Ф', 'ф'), 'Х', 'х'), 'Ц', 'ц'), 'Ч', 'ч'), 'Ш', 'ш'), 'Щ', 'щ'), 'Ъ', 'ъ'), 'Ы', 'ы'), 'Ь', 'ь')
  , 'Э', 'э'), 'Ю', 'ю'), 'Я', 'я'));

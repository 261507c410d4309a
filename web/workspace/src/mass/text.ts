/** Plain words as paragraphs, with whatever looks like markup kept as words. */
const signs: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

export function paragraphs(text: string): string {
  const safe = text.trim().replace(/[&<>]/g, (sign) => signs[sign] ?? sign);
  return safe
    .split(/\n{2,}/)
    .map((block) => `<p>${block.replaceAll('\n', '<br>')}</p>`)
    .join('');
}

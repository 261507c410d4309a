/** Where an arrow key leads in a short list that goes round; null for other keys. */
export function walked(code: string, at: number, count: number): number | null {
  if (count === 0) return null;
  if (code === 'ArrowDown') return (at + 1) % count;
  if (code === 'ArrowUp') return (at - 1 + count) % count;
  return null;
}

/** Which rows of a long list of equal rows are in sight, with a margin above and below. */
export function rowsInSight(
  count: number,
  { top, height, rowHeight }: { top: number; height: number; rowHeight: number },
  margin = 8,
): { start: number; end: number } {
  const start = Math.max(0, Math.min(count, Math.floor(top / rowHeight) - margin));
  const end = Math.min(count, Math.ceil((top + height) / rowHeight) + margin);
  return { start, end: Math.max(start, end) };
}

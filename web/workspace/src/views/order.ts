/** Things in an order of a person's own. */
export function moved<T>(list: readonly T[], at: number, by: 1 | -1): T[] {
  const to = at + by;
  if (at < 0 || to < 0 || to >= list.length) return [...list];
  const result = [...list];
  const [one] = result.splice(at, 1);
  result.splice(to, 0, one as T);
  return result;
}

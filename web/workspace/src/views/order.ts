/** Things in an order of a person's own. */
export function moved<T>(list: readonly T[], at: number, by: 1 | -1): T[] {
  const to = at + by;
  if (at < 0 || to < 0 || to >= list.length) return [...list];
  const result = [...list];
  const [one] = result.splice(at, 1);
  result.splice(to, 0, one as T);
  return result;
}

/** One thing dropped on another takes its place: behind it when it came from before, else in front of it. */
export function dropped<T>(list: readonly T[], source: T, target: T): T[] {
  if (source === target) return [...list];
  const rest = list.filter((one) => one !== source);
  const after = list.indexOf(source) < list.indexOf(target);
  rest.splice(rest.indexOf(target) + (after ? 1 : 0), 0, source);
  return rest;
}

/** The value below which this share of the values lies. */
export function percentile(values, share) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
}

/** The middle, the lower one of two. */
export const median = (values) => percentile(values, 0.5);

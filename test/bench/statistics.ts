/** Medians, percentiles, and how far interleaved rounds disagree. */

/** The value below which this share of them lies, by the nearest rank; NaN of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** How the ratio of two series differs between parts of the run: half the spread over the whole's ratio. 0.05 is ±5 %. */
export function noiseOfRatio(over: readonly number[], under: readonly number[], parts = 5): number {
  const ratios = Array.from(
    { length: parts },
    (_, part) => median(partOf(over, part, parts)) / median(partOf(under, part, parts)),
  );
  return noise(ratios);
}

/** Half the spread over the median. */
export function noise(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / 2 / median(values);
}

export function rounded(value: number, digits = 2): number {
  return Number(value.toFixed(digits));
}

function partOf(values: readonly number[], part: number, parts: number): readonly number[] {
  return values.slice(Math.floor((part * values.length) / parts), Math.floor(((part + 1) * values.length) / parts));
}

/** Counts log lines as metrics: one filter for each log group that may hold such a line. */
import type { Functions } from "./functions.ts";
import { type LogMetric, logMetrics } from "./log-metrics.ts";
import { componentName } from "./names.ts";

export type MetricNames = { readonly [Metric in keyof typeof logMetrics]: string };

export interface LogMetrics {
  readonly namespace: string;
  readonly names: MetricNames;
}

export function createLogMetrics(functions: Functions): LogMetrics {
  // The stage is in the namespace and not in a dimension: each pair of dimensions would be a metric to pay for.
  const namespace = `${$app.name}/${$app.stage}`;
  for (const metric of Object.values<LogMetric>(logMetrics)) {
    for (const name of metric.functions) createFilter(metric, name, namespace, functions);
  }
  const names = Object.fromEntries(Object.entries(logMetrics).map(([key, { name }]) => [key, name])) as MetricNames;
  return { namespace, names };
}

function createFilter(
  { name: metric, pattern, value }: LogMetric,
  name: string,
  namespace: string,
  functions: Functions,
) {
  const logGroup = functions.get(name)?.logGroup;
  if (!logGroup) throw new Error(`the metric ${metric} is read from the log of ${name}, which is not deployed`);
  new aws.cloudwatch.LogMetricFilter(`${metric}In${componentName(name)}`, {
    name: metric,
    logGroupName: logGroup.name,
    pattern,
    metricTransformation: { namespace, name: metric, value: value ?? "1" },
  });
}

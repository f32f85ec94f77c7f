/** The statements of a function's policy, from what the tables say that it may do. */
import { streams } from "../functions/triggers.ts";
import type { TableName } from "../lib/store/tables.ts";
import { deadLetterQueuesOf } from "./function-names.ts";
import type { Permissions } from "./permissions.ts";
import type { Queues } from "./queues.ts";
import type { Tables } from "./tables.ts";

type Text = string | $util.Output<string>;

export interface Statement {
  readonly actions: string[];
  readonly resources: Text[];
}

export interface Granted {
  readonly tables: Tables;
  readonly secretArn: Text;
  readonly busArn: Text;
  readonly queues: Queues;
  /** Absent for the flow's own tasks: none of them starts another flow. */
  readonly flowArn: Text | undefined;
  readonly logGroupArn: Text;
}

export function statementsOf(name: string, permissions: Permissions, granted: Granted): Statement[] {
  const { tables, secretArn, busArn, queues, flowArn, logGroupArn } = granted;
  const streamed = streams.filter((stream) => stream.function === name);
  if (permissions.startsFlow && flowArn === undefined)
    throw new Error(`the task ${name} cannot start the flow it is part of`);
  return [
    { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [$interpolate`${logGroupArn}:*`] },
    ...Object.entries(permissions.tables ?? {}).flatMap(([table, actions]) =>
      onTable(tables[table as TableName].arn, actions),
    ),
    ...(permissions.readsConnections ? [{ actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] }] : []),
    ...(permissions.startsFlow && flowArn ? [{ actions: ["states:StartExecution"], resources: [flowArn] }] : []),
    ...(permissions.publishes ? [{ actions: ["events:PutEvents"], resources: [busArn] }] : []),
    ...streamed.map(({ table }) => ({
      actions: ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams"],
      resources: [tables[table].nodes.table.streamArn],
    })),
    // Lambda puts aside what the function failed at, in the function's name.
    ...deadLetterQueuesOf(name).map((queue) => ({
      actions: ["sqs:SendMessage"],
      resources: [queueArn(queue, queues)],
    })),
  ];
}

function queueArn(name: string, queues: Queues): Text {
  const queue = queues.get(name);
  if (!queue) throw new Error(`there is no queue ${name}`);
  return queue.arn;
}

/** One statement for the table itself, and one for each index: a right to query an index is none to query the table. */
function onTable(arn: Text, actions: readonly string[]): Statement[] {
  const onItems = actions.filter((action) => !action.startsWith("Query "));
  const indexes = actions
    .filter((action) => action.startsWith("Query "))
    .map((action) => action.slice("Query ".length));
  return [
    ...(onItems.length > 0 ? [{ actions: onItems.map((action) => `dynamodb:${action}`), resources: [arn] }] : []),
    ...(indexes.length > 0
      ? [{ actions: ["dynamodb:Query"], resources: indexes.map((index) => $interpolate`${arn}/index/${index}`) }]
      : []),
  ];
}

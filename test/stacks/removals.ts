/** What is taken out of a graph, one thing at a time, and the rule that must notice. */
import { all, functionsOf, type Graph, type Resource, roleOf } from "./graph.ts";

export interface Removal {
  readonly what: string;
  readonly noticedBy: string;
  /** Changes the copy that it is given, or gives back another. */
  readonly take: (graph: Graph) => Graph | undefined;
}

/** The property of a type's first resource, by its path; undefined takes it away. */
function set(type: string, path: string, value?: unknown) {
  return (graph: Graph): undefined => {
    const [resource] = all(graph, type);
    if (!resource) throw new Error(`there is no ${type}`);
    const names = path.split(".");
    const last = names.pop() ?? "";
    const holder = names.reduce((inner, name) => inner[name], resource.properties);
    if (!(last in holder)) throw new Error(`${type} has no ${path}`);
    holder[last] = value;
    return undefined;
  };
}

/** All of a type are gone, or those that it is asked for. */
function without(type: string, isGone: (resource: Resource) => boolean = () => true) {
  return (graph: Graph): Graph => {
    const gone = new Set(all(graph, type).filter(isGone));
    if (gone.size === 0) throw new Error(`there is no such ${type}`);
    return { ...graph, resources: graph.resources.filter((resource) => !gone.has(resource)) };
  };
}

/** A function's own policy, changed as text. */
function policyOf(name: string, from: string, to: string) {
  return (graph: Graph): undefined => {
    const lambda = functionsOf(graph).get(name);
    const [inline] = (lambda && roleOf(graph, lambda))?.properties.inlinePolicies ?? [];
    if (!inline?.policy.includes(from)) throw new Error(`the policy of ${name} has no ${from}`);
    inline.policy = inline.policy.replaceAll(from, to);
    return undefined;
  };
}

function variable(name: string, key: string, value?: string) {
  return (graph: Graph): undefined => {
    const { variables } = functionsOf(graph).get(name)?.properties.environment ?? {};
    if (value === undefined) delete variables[key];
    else variables[key] = value;
    return undefined;
  };
}

function first(type: string, change: (resource: Resource) => Partial<Resource>) {
  return (graph: Graph): Graph => {
    const [found] = all(graph, type);
    return { ...graph, resources: graph.resources.map((one) => (one === found ? { ...one, ...change(one) } : one)) };
  };
}

const isNamed = (part: string) => (resource: Resource) => resource.name.includes(part);
const mailbox = "arn:aws:lambda:us-east-1:123456789012:function:somebody";

export const removals: readonly Removal[] = [
  {
    what: "a table",
    noticedBy: "every table is deployed, with its keys",
    take: without("dynamodb/table", isNamed("Originals")),
  },
  {
    what: "an index",
    noticedBy: "every index is deployed, with its keys and what is copied into it",
    take: (graph) =>
      void all(graph, "dynamodb/table").find(isNamed("Transactions"))?.properties.globalSecondaryIndexes.pop(),
  },
  {
    what: "payment by request",
    noticedBy: "tables are paid by request",
    take: set("dynamodb/table", "billingMode", "PROVISIONED"),
  },
  {
    what: "a table's point-in-time recovery",
    noticedBy: "tables can be restored to any point in time",
    take: set("dynamodb/table", "pointInTimeRecovery"),
  },
  {
    what: "a table's encryption",
    noticedBy: "tables are encrypted with the app's own key",
    take: set("dynamodb/table", "serverSideEncryption"),
  },
  {
    what: "a table's deletion protection",
    noticedBy: "production's tables cannot be deleted, and other stages' can",
    take: set("dynamodb/table", "deletionProtectionEnabled", false),
  },
  {
    what: "the permanence of money",
    noticedBy: "only what is no money is forgotten by time",
    take: (graph) =>
      void Object.assign(all(graph, "dynamodb/table").find(isNamed("Transactions"))?.properties, {
        ttl: { enabled: true, attributeName: "expiresAt" },
      }),
  },
  {
    what: "a stream",
    noticedBy: "tables that are followed stream both images",
    take: (graph) =>
      void Object.assign(all(graph, "dynamodb/table").find(isNamed("Transactions"))?.properties, {
        streamViewType: undefined,
      }),
  },
  {
    what: "the key's rotation",
    noticedBy: "the key rotates, and leaves time to change one's mind",
    take: set("kms/key", "enableKeyRotation", false),
  },
  {
    what: "the services in the key's policy",
    noticedBy: "the key is used through DynamoDB and Secrets Manager only",
    take: (graph) =>
      void all(graph, "kms/key").forEach(
        ({ properties }) => (properties.policy = properties.policy.replace("kms:ViaService", "kms:Other")),
      ),
  },
  {
    what: "the secret's key",
    noticedBy: "the secret is encrypted with the app's own key",
    take: set("secretsmanager/secret", "kmsKeyId"),
  },
  {
    what: "the secret's secrecy",
    noticedBy: "no credential passes through the graph",
    take: set("secretsmanager/secretVersion", "secretString", '[{"id":"nexio","provider":"nexio","apiKey":"x"}]'),
  },
  {
    what: "the operator's last word on the secret",
    noticedBy: "no credential passes through the graph",
    take: first("secretsmanager/secretVersion", () => ({ options: {} })),
  },
  {
    what: "the key's permanence",
    noticedBy: "what production's data needs outlives a removal",
    take: first("kms/key", () => ({ options: {} })),
  },
  {
    what: "the protection of the stage",
    noticedBy: "what production's data needs outlives a removal",
    take: (graph) => ({ ...graph, app: { ...graph.app, protect: false } }),
  },

  {
    what: "a function",
    noticedBy: "every function that a table names is deployed, and no other",
    take: without("lambda/function", isNamed("GetBalance")),
  },
  {
    what: "a handler's deployment",
    noticedBy: "every handler's file is a route, a task or a trigger",
    take: without("lambda/function", isNamed("LookUp")),
  },
  {
    what: "a handler",
    noticedBy: "every function's handler is its file's",
    take: set("lambda/function", "handler", "index.handler"),
  },
  {
    what: "the processor",
    noticedBy: "functions run on arm64 and the current Node",
    take: set("lambda/function", "architectures", ["x86_64"]),
  },
  {
    what: "an endpoint's timeout",
    noticedBy: "endpoints answer before the gateway gives up",
    take: (graph) => void Object.assign(functionsOf(graph).get("create-refund")?.properties, { timeout: 60 }),
  },
  {
    what: "the time to wait for an outcome",
    noticedBy: "endpoints answer before the gateway gives up",
    take: (graph) => void Object.assign(functionsOf(graph).get("create-refund")?.properties, { timeout: 20 }),
  },
  {
    what: "a task's timeout",
    noticedBy: "tasks end themselves before the flow gives up",
    take: (graph) => void Object.assign(functionsOf(graph).get("look-up")?.properties, { timeout: 60 }),
  },
  {
    what: "a limit where no key is needed",
    noticedBy: "whoever needs no key cannot take all of the account's concurrency",
    take: (graph) =>
      void Object.assign(functionsOf(graph).get("receive-webhook")?.properties, {
        reservedConcurrentExecutions: undefined,
      }),
  },
  {
    what: "moderation",
    noticedBy: "the reserved concurrency leaves an account of 1,000 most of it",
    take: (graph) =>
      void Object.assign(functionsOf(graph).get("look-up")?.properties, { reservedConcurrentExecutions: 900 }),
  },
  {
    what: "the trust in Lambda alone",
    noticedBy: "only Lambda assumes a function's role",
    take: (graph) =>
      void all(graph, "iam/role")
        .filter(isNamed("LookUpRole"))
        .forEach(({ properties }) => properties.assumeRolePolicy.Statement.push({ Principal: { AWS: "*" } })),
  },
  {
    what: "the absence of AWS's policies",
    noticedBy: "no function has a policy that is not its own",
    take: (graph) =>
      void all(graph, "iam/role")
        .filter(isNamed("LookUpRole"))
        .forEach(({ properties }) => (properties.managedPolicyArns = ["arn:aws:iam::aws:policy/AdministratorAccess"])),
  },
  {
    what: "a policy's narrowness in actions",
    noticedBy: "no function may do anything to everything",
    take: policyOf("look-up", "dynamodb:UpdateItem", "dynamodb:*"),
  },
  {
    what: "a policy's narrowness in resources",
    noticedBy: "no function may do anything to everything",
    take: policyOf("look-up", "moneyback-production-Transactions", "*"),
  },
  {
    what: "the authorizer's ignorance",
    noticedBy: "the authorizer reads keys and nothing else",
    take: policyOf("authorize", "production-ApiKeys", "production-Transactions"),
  },
  {
    what: "a reader's innocence",
    noticedBy: "what reads cannot write",
    take: policyOf("get-transaction", "dynamodb:GetItem", "dynamodb:PutItem"),
  },
  {
    what: "an environment without credentials",
    noticedBy: "functions are told names, and no credential",
    take: variable("look-up", "NEXIO_API_KEY", "x"),
  },
  {
    what: "the flow's ARN",
    noticedBy: "functions are told what they are allowed",
    take: variable("follow-up", "FLOW_ARN"),
  },
  {
    what: "the leave to start the flow",
    noticedBy: "functions are told what they are allowed",
    take: policyOf("follow-up", "states:StartExecution", "states:ListExecutions"),
  },
  {
    what: "a log's end",
    noticedBy: "logs are kept for a month, each function's in its own group",
    take: set("cloudwatch/logGroup", "retentionInDays"),
  },

  {
    what: "a route",
    noticedBy: "every route leads to its function, past the authorizer where it must",
    take: without("apigatewayv2/route", ({ properties }) => properties.routeKey === "GET /v1/balances"),
  },
  {
    what: "the authorizer of a route",
    noticedBy: "every route leads to its function, past the authorizer where it must",
    take: (graph) =>
      void all(graph, "apigatewayv2/route")
        .filter(({ properties }) => properties.routeKey.startsWith("POST /v1/refunds"))
        .forEach(({ properties }) => (properties.authorizationType = "NONE")),
  },
  {
    what: "the gateway's leave",
    noticedBy: "the gateway may invoke what it leads to",
    take: without("lambda/permission", ({ properties }) => properties.function.endsWith("create-refund")),
  },
  {
    what: "the authorizer's freshness",
    noticedBy: "the authorizer is asked for every call, with simple answers",
    take: set("apigatewayv2/authorizer", "authorizerResultTtlInSeconds", 3_600),
  },
  { what: "the API's pace", noticedBy: "the API has a pace", take: set("apigatewayv2/stage", "defaultRouteSettings") },
  {
    what: "the distance from web pages",
    noticedBy: "no web page may call unless it is named",
    take: set("apigatewayv2/api", "corsConfiguration", { allowOrigins: ["*"] }),
  },
  {
    what: "the access log",
    noticedBy: "calls are logged, callers are not",
    take: set("apigatewayv2/stage", "accessLogSettings"),
  },
  {
    what: "the callers' privacy",
    noticedBy: "calls are logged, callers are not",
    take: (graph) =>
      void all(graph, "apigatewayv2/stage").forEach(
        ({ properties: { accessLogSettings: log } }) =>
          (log.format = log.format.replace("$context.routeKey", "$context.identity.sourceIp")),
      ),
  },
  {
    what: "a state of the flow",
    noticedBy: "the flow in the graph is the local one",
    take: (graph) =>
      void all(graph, "sfn/stateMachine").forEach(
        ({ properties }) =>
          (properties.definition = properties.definition.replace('"MaxAttempts":4', '"MaxAttempts":5')),
      ),
  },
  {
    what: "the flow's log of errors",
    noticedBy: "the flow logs its errors, and no data",
    take: set("sfn/stateMachine", "loggingConfiguration"),
  },
  {
    what: "the flow's discretion",
    noticedBy: "the flow logs its errors, and no data",
    take: set("sfn/stateMachine", "loggingConfiguration.includeExecutionData", true),
  },
  {
    what: "a task in the flow's policy",
    noticedBy: "the flow may invoke its tasks, and nothing else",
    take: (graph) =>
      void all(graph, "iam/role")
        .filter(({ name }) => name === "FlowRole")
        .forEach(
          ({
            properties: {
              inlinePolicies: [inline],
            },
          }) => (inline.policy = inline.policy.replace("look-up", "create-refund")),
        ),
  },

  {
    what: "a stream's reader",
    noticedBy: "every stream of the table starts its function",
    take: without("lambda/eventSourceMapping", isNamed("RecordWebhooks")),
  },
  {
    what: "the limit of two readers",
    noticedBy: "no stream has more than two readers",
    take: (graph) => ({ ...graph, resources: [...graph.resources, ...all(graph, "lambda/eventSourceMapping")] }),
  },
  {
    what: "a stream's dead-letter queue",
    noticedBy: "a batch that fails is halved, tried for a while, and put aside",
    take: set("lambda/eventSourceMapping", "destinationConfig"),
  },
  {
    what: "a schedule",
    noticedBy: "every schedule of the table runs, in UTC",
    take: without("scheduler/schedule", ({ properties }) => properties.name.endsWith("follow-up")),
  },
  {
    what: "a schedule's dead-letter queue",
    noticedBy: "a schedule that cannot start its function is put aside",
    take: set("scheduler/schedule", "target.deadLetterConfig"),
  },
  {
    what: "a rule on the bus",
    noticedBy: "every rule of the table listens on the bus",
    take: without("cloudwatch/eventRule", isNamed("Requests")),
  },
  {
    what: "a rule's target",
    noticedBy: "every rule starts its function, and may",
    take: without("cloudwatch/eventTarget", isNamed("Requests")),
  },
  {
    what: "the bus's leave",
    noticedBy: "every rule starts its function, and may",
    take: without("lambda/permission", isNamed("RequestsPermission")),
  },
  {
    what: "a target's dead-letter queue",
    noticedBy: "an event that the bus cannot hand over is put aside",
    take: set("cloudwatch/eventTarget", "deadLetterConfig"),
  },
  {
    what: "an invocation's dead-letter queue",
    noticedBy: "what nobody waits for is put aside when it fails",
    take: set("lambda/functionEventInvokeConfig", "destinationConfig.onFailure", { destination: mailbox }),
  },
  {
    what: "a second try for an event",
    noticedBy: "an event is tried as often as its rule says",
    take: (graph) =>
      void all(graph, "lambda/functionEventInvokeConfig")
        .filter(isNamed("AcceptEvent"))
        .forEach(({ properties }) => (properties.maximumRetryAttempts = 0)),
  },
  {
    what: "the leave to put aside",
    noticedBy: "who puts aside may write to the queue",
    take: policyOf("publish-events", "sqs:SendMessage", "sqs:GetQueueUrl"),
  },
  {
    what: "the queue's policy",
    noticedBy: "the bus may write to the queues, which nobody reads in clear",
    take: without("sqs/queuePolicy"),
  },
  {
    what: "the queue's encryption",
    noticedBy: "queues are encrypted and keep what they have for two weeks",
    take: set("sqs/queue", "sqsManagedSseEnabled", false),
  },
  {
    what: "the archive",
    noticedBy: "the bus remembers a month of events, to be played again",
    take: without("cloudwatch/eventArchive"),
  },

  {
    what: "an alarm",
    noticedBy: "there is an alarm for each thing that goes wrong",
    take: without("cloudwatch/metricAlarm", isNamed("NeedsReview")),
  },
  {
    what: "an alarm's action",
    noticedBy: "every alarm pages",
    take: set("cloudwatch/metricAlarm", "alarmActions", []),
  },
  { what: "the topic's policy", noticedBy: "alarms and budgets may page", take: without("sns/topicPolicy") },
  {
    what: "what an alarm counts",
    noticedBy: "what is alarmed about is counted",
    take: without("cloudwatch/logMetricFilter", isNamed("NeedsReview")),
  },
  {
    what: "a log that is counted in",
    noticedBy: "lines are counted in logs that exist",
    take: without("cloudwatch/logGroup", isNamed("PublishEvents")),
  },
  {
    what: "a function whose errors count",
    noticedBy: "errors are counted in every function's log",
    take: without("cloudwatch/logMetricFilter", isNamed("ErrorsInLookUp")),
  },
  {
    what: "the alarm about silence",
    noticedBy: "silence about what is due is an alarm, too",
    take: (graph) =>
      void all(graph, "cloudwatch/metricAlarm")
        .filter(isNamed("FollowUpAge"))
        .forEach(({ properties }) => (properties.treatMissingData = "notBreaching")),
  },
  {
    what: "an alarm's page in the documents",
    noticedBy: "docs/operations.md says of every alarm what to do",
    take: (graph) =>
      void all(graph, "cloudwatch/metricAlarm")
        .slice(0, 1)
        .forEach(({ properties }) => (properties.name = "moneyback-production-nobody-wrote-of-it")),
  },
  { what: "the dashboard", noticedBy: "there is a dashboard", take: without("cloudwatch/dashboard") },
  { what: "the budget's word", noticedBy: "a budget says when it is nearly spent", take: without("budgets/budget") },
];

/** What is taken from the Lambdas, their roles and environments. */
import { change, lambda, named, policy, type Removals, set, without } from "./removal.ts";

const lookUpsRole = named("LookUpRole");

export const functionRemovals: Removals = {
  "every function that a table names is deployed, and no other": {
    "a function": without("lambda/function", named("GetBalance")),
  },
  "every handler's file is a route, a task or a trigger": {
    "a handler's deployment": without("lambda/function", named("LookUp")),
  },
  "every function's handler is its file's": { "a handler": set("lambda/function", "handler", "index.handler") },
  "functions run on arm64 and the current Node": {
    "the processor": set("lambda/function", "architectures", ["x86_64"]),
    "the runtime": set("lambda/function", "runtime", "nodejs18.x"),
  },
  "endpoints answer before the gateway gives up": {
    "an endpoint's timeout": lambda("create-refund", (properties) => {
      properties.timeout = 60;
    }),
    "the time to wait for an outcome": lambda("create-refund", (properties) => {
      properties.timeout = 20;
    }),
  },
  "tasks end themselves before the flow gives up": {
    "a task's timeout": lambda("look-up", (properties) => {
      properties.timeout = 60;
    }),
  },
  "whoever needs no key cannot take all of the account's concurrency": {
    "a limit where no key is needed": lambda("receive-webhook", (properties) => {
      properties.reservedConcurrentExecutions = undefined;
    }),
  },
  "whoever waits for an outcome cannot take all of the account's concurrency": {
    "a limit where calls wait": lambda("create-spendback", (properties) => {
      properties.reservedConcurrentExecutions = undefined;
    }),
  },
  "the reserved concurrency leaves an account of 1,000 most of it": {
    moderation: lambda("look-up", (properties) => {
      properties.reservedConcurrentExecutions = 900;
    }),
  },
  "only Lambda assumes a function's role": {
    "trust in Lambda alone": change(
      "iam/role",
      ({ assumeRolePolicy }) => assumeRolePolicy.Statement.push({ Principal: { AWS: "*" } }),
      lookUpsRole,
    ),
  },
  "no function has a policy that is not its own": {
    "a role of its own": change(
      "iam/role",
      (properties) => {
        properties.managedPolicyArns = ["arn:aws:iam::aws:policy/AdministratorAccess"];
      },
      lookUpsRole,
    ),
  },
  "no function may do anything to everything": {
    "a policy's narrowness in actions": policy("look-up", "dynamodb:UpdateItem", "dynamodb:*"),
    "a policy's narrowness in resources": policy("look-up", "moneyback-production-Transactions", "*"),
  },
  "the authorizer reads keys and nothing else": {
    "its ignorance": policy("authorize", "production-ApiKeys", "production-Transactions"),
  },
  "what reads cannot write": {
    "a reader's innocence": policy("get-transaction", "dynamodb:GetItem", "dynamodb:PutItem"),
  },
  "only authenticate writes sessions": {
    "a reader of sessions": policy("get-balance", "production-Connections", "production-Sessions"),
  },
  "docs/deploy.md says of each who reads the credentials": {
    "a function's ignorance of them": policy("get-usage", "dynamodb:PutItem", "secretsmanager:GetSecretValue"),
  },
  "functions are told names, and no credential": {
    "an environment without credentials": lambda("look-up", ({ environment }) => {
      environment.variables.NEXIO_API_KEY = "x";
    }),
  },
  "functions are told what they are allowed": {
    "the flow's ARN": lambda("follow-up", ({ environment }) => {
      delete environment.variables.FLOW_ARN;
    }),
    "the leave to start the flow": policy("follow-up", "states:StartExecution", "states:ListExecutions"),
  },
  "logs are kept for a month, each function's in its own group": {
    "a log's end": set("cloudwatch/logGroup", "retentionInDays"),
  },
};

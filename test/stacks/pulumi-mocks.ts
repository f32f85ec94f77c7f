/** What Pulumi's engine and the AWS provider would say: every resource gets what it asked for, an ARN, and the rest that others read from it. */
import type { Resource } from "./graph.ts";

type Properties = Record<string, unknown>;

export const account = "123456789012";
export const region = "us-east-1";

/** How Pulumi marks a secret's value. */
const secretMark = "4dabf18193072939515e22adb298388d";

export function recordedResources() {
  const recorded = new Map<string, Resource>();
  const options = new Map<string, Resource["options"]>();
  const mocks = {
    newResource({ type, name, inputs }: { type: string; name: string; inputs: Properties }) {
      const properties = plain(inputs) as Properties;
      recorded.set(`${type} ${name}`, { type, name, properties, options: options.get(`${type} ${name}`) ?? {} });
      const state = { ...inputs, ...outputsOf(type, name, properties) };
      return { id: `${name}-id`, state };
    },
    call({ token, inputs }: { token: string; inputs: Properties }) {
      return answerTo(token, plain(inputs) as Properties);
    },
  };
  return {
    mocks,
    /** What Pulumi is told of a resource besides its properties. */
    noteOptions({ type, name, opts }: { type: string; name: string; opts: Resource["options"] }): undefined {
      const { retainOnDelete, ignoreChanges } = opts;
      options.set(`${type} ${name}`, {
        ...(retainOnDelete && { retainOnDelete }),
        ...(ignoreChanges && { ignoreChanges }),
      });
    },
    all: () => [...recorded.values()].sort((one, other) => (key(one) < key(other) ? -1 : 1)),
    /** Resources come in waves, as the outputs of some are the inputs of others. */
    async settled(waitForRpcs: () => Promise<unknown>): Promise<void> {
      let quiet = 0;
      for (let seen = -1; quiet < 5; ) {
        await Promise.race([waitForRpcs(), new Promise((resolve) => setTimeout(resolve, 500))]);
        await new Promise((resolve) => setTimeout(resolve, 40));
        quiet = recorded.size === seen ? quiet + 1 : 0;
        seen = recorded.size;
      }
    },
  };
}

const key = ({ type, name }: Resource) => `${type} ${name}`;

function outputsOf(type: string, name: string, properties: Properties): Properties {
  const [, service = "", kind = ""] = /^aws:([^/]+)\/([^:]+):/.exec(type) ?? [];
  const physical = String(properties["name"] ?? properties["bucket"] ?? name);
  const arn = `arn:aws:${service}:${region}:${account}:${kind}/${physical}`;
  const invoked = `arn:aws:apigateway:${region}:lambda:path/2015-03-31/functions/${lambdaArn(physical)}/invocations`;
  switch (`${service}/${kind}`) {
    case "lambda/function":
      return { arn: lambdaArn(physical), qualifiedArn: `${lambdaArn(physical)}:1`, invokeArn: invoked, name: physical };
    case "dynamodb/table": {
      const table = `arn:aws:dynamodb:${region}:${account}:table/${physical}`;
      return {
        arn: table,
        name: physical,
        ...(properties["streamEnabled"] === true && { streamArn: `${table}/stream/1` }),
      };
    }
    case "sqs/queue":
      return { arn: `arn:aws:sqs:${region}:${account}:${physical}`, url: `https://sqs/${physical}`, name: physical };
    case "sns/topic":
      return { arn: `arn:aws:sns:${region}:${account}:${physical}` };
    case "apigatewayv2/api":
      return { apiEndpoint: "https://api.example", executionArn: `arn:aws:execute-api:${region}:${account}:api` };
    case "kms/key":
      return { arn: `arn:aws:kms:${region}:${account}:key/data`, keyId: "data" };
    case "cloudwatch/logGroup":
      return { arn: `arn:aws:logs:${region}:${account}:log-group:${physical}`, name: physical };
    case "acm/certificate": {
      const record = { resourceRecordName: "_check", resourceRecordType: "CNAME", resourceRecordValue: "_value" };
      return { arn, domainValidationOptions: [{ domainName: properties["domainName"], ...record }] };
    }
    case "apigatewayv2/domainName": {
      const target = { targetDomainName: "d-1.execute-api.us-east-1.amazonaws.com", hostedZoneId: "Z1" };
      return { arn, domainNameConfiguration: { ...(properties["domainNameConfiguration"] as object), ...target } };
    }
    case "":
    case "/":
      return type.startsWith("random:") ? { base64: "cmFuZG9t", hex: "72", result: "random" } : {};
  }
  return { arn, name: physical };
}

function lambdaArn(name: string): string {
  return `arn:aws:lambda:${region}:${account}:function:${name}`;
}

function answerTo(token: string, inputs: Properties): Properties {
  switch (token) {
    case "aws:index/getRegion:getRegion":
      return { name: region, region, id: region };
    case "aws:index/getPartition:getPartition":
      return { partition: "aws", dnsSuffix: "amazonaws.com" };
    case "aws:index/getCallerIdentity:getCallerIdentity":
      return { accountId: account };
    case "aws:iam/getPolicyDocument:getPolicyDocument":
      // SST attaches a policy only where the statements come back with the document.
      return { json: JSON.stringify({ Statement: inputs["statements"] }), statements: inputs["statements"] };
  }
  return inputs;
}

/** Values as they are, with secrets marked by an object of their own. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const object = value as Properties;
  if (secretMark in object) return plain(object["value"]);
  return Object.fromEntries(Object.entries(object).map(([name, inner]) => [name, plain(inner)]));
}

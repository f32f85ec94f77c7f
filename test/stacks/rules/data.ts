/** Rules about what keeps the data: tables, key, secret. */
import { type TableDefinition, tables } from "../../../lib/store/tables.ts";
import { all, type Graph, type Resource, shortName } from "../graph.ts";
import { differences, type Rule, unless } from "./rule.ts";

const definitions: Readonly<Record<string, TableDefinition>> = tables;
const definitionOf = (graph: Graph, { properties }: Resource) => definitions[shortName(graph, properties.name)];
const tablesIn = (graph: Graph) => all(graph, "dynamodb/table");

/** Money is named here, and must never be forgotten by a timer. */
const neverForgotten = ["Transactions", "Originals"];

const isProduction = ({ stage }: Graph) => stage === "production";

export const dataRules: Readonly<Record<string, Rule>> = {
  "every table is deployed, with its keys": (graph) =>
    differences(
      tablesIn(graph).map(({ properties }) => `${shortName(graph, properties.name)} by ${properties.hashKey}`),
      Object.entries(definitions).map(([name, { partitionKey }]) => `${name} by ${partitionKey}`),
    ),
  "every index is deployed, with its keys and what is copied into it": (graph) =>
    differences(
      tablesIn(graph).flatMap(({ properties }) =>
        (properties.globalSecondaryIndexes ?? []).map(
          // biome-ignore lint/suspicious/noExplicitAny: as AWS's provider has it.
          ({ name, hashKey, rangeKey, projectionType, nonKeyAttributes = [] }: any) =>
            `${shortName(graph, properties.name)}/${name} ${hashKey} ${rangeKey} ${projectionType} ${nonKeyAttributes}`,
        ),
      ),
      Object.entries(definitions).flatMap(([table, { indexes }]) =>
        Object.entries(indexes).map(
          ([name, { partitionKey, sortKey, include }]) =>
            `${table}/${name} ${partitionKey} ${sortKey} ${include.length > 0 ? "INCLUDE" : "KEYS_ONLY"} ${include}`,
        ),
      ),
    ),
  "tables are paid by request": (graph) =>
    unless(tablesIn(graph), ({ properties }) => properties.billingMode === "PAY_PER_REQUEST"),
  "tables can be restored to any point in time": (graph) =>
    unless(tablesIn(graph), ({ properties }) => properties.pointInTimeRecovery?.enabled === true),
  "tables are encrypted with the app's own key": (graph) =>
    unless(tablesIn(graph), ({ properties: { serverSideEncryption } }) => {
      return serverSideEncryption?.enabled === true && serverSideEncryption.kmsKeyArn?.includes(":kms:");
    }),
  "production's tables cannot be deleted, and other stages' can": (graph) =>
    unless(tablesIn(graph), ({ properties }) => properties.deletionProtectionEnabled === isProduction(graph)),
  "only what is no money is forgotten by time": (graph) =>
    unless(tablesIn(graph), (table) => {
      const { ttl, name } = table.properties;
      const wanted = definitionOf(graph, table)?.timeToLive;
      if (neverForgotten.includes(shortName(graph, name))) return ttl === undefined;
      return wanted === undefined ? ttl === undefined : ttl?.enabled === true && ttl.attributeName === wanted;
    }),
  "tables that are followed stream both images": (graph) =>
    unless(tablesIn(graph), (table) => {
      const { streamEnabled, streamViewType } = table.properties;
      return definitionOf(graph, table)?.stream ? streamViewType === "NEW_AND_OLD_IMAGES" : !streamEnabled;
    }),
  "the key rotates, and leaves time to change one's mind": (graph) =>
    all(graph, "kms/key").length === 1
      ? unless(all(graph, "kms/key"), ({ properties }) => {
          return properties.enableKeyRotation === true && properties.deletionWindowInDays === 30;
        })
      : ["there is not one key"],
  "the key is used through DynamoDB and Secrets Manager only": (graph) =>
    unless(all(graph, "kms/key"), ({ properties }) => {
      const statements: { sid: string; conditions?: { variable: string; values: string[] }[] }[] = JSON.parse(
        properties.policy,
      ).Statement;
      const [use, ...more] = statements.filter(({ sid }) => sid !== "Administration");
      const services = use?.conditions?.find(({ variable }) => variable === "kms:ViaService")?.values ?? [];
      const callers = use?.conditions?.find(({ variable }) => variable === "kms:CallerAccount")?.values ?? [];
      return (
        more.length === 0 &&
        callers.length === 1 &&
        services.map((one) => one.split(".")[0]).join() === "dynamodb,secretsmanager"
      );
    }),
  "the secret is encrypted with the app's own key": (graph) =>
    all(graph, "secretsmanager/secret").length === 1
      ? unless(all(graph, "secretsmanager/secret"), ({ properties }) => properties.kmsKeyId?.includes(":kms:"))
      : ["there is not one secret"],
  "no credential passes through the graph": (graph) =>
    all(graph, "secretsmanager/secretVersion").flatMap(({ name, properties, options }) => {
      const connections: object[] = JSON.parse(properties.secretString);
      const isBare = connections.every((connection) => Object.keys(connection).join() === "id,provider");
      return isBare && options.ignoreChanges?.includes("secretString") ? [] : [name];
    }),
  "production is protected and kept, and no other stage": (graph) => {
    const { protect, removal } = graph.app;
    if (isProduction(graph)) return protect && removal === "retain" ? [] : ["the stage is not protected"];
    return protect || removal !== "remove" ? ["the stage is kept"] : [];
  },
  "what the data needs outlives a removal, where the stage is kept": (graph) => {
    const holders = [...all(graph, "kms/key"), ...all(graph, "secretsmanager/secret")];
    return unless(holders, ({ options }) => (options.retainOnDelete === true) === (graph.app.removal !== "remove"));
  },
};

/** The whole deployed app: its parts in the order in which they need each other. */
import { createAlarms } from "./alarms.ts";
import { createApi } from "./api.ts";
import { createBudget } from "./budget.ts";
import { createBus } from "./bus.ts";
import { createDashboard } from "./dashboard.ts";
import { createFlow } from "./flow.ts";
import { createFunctions } from "./functions.ts";
import { createInvocations } from "./invocations.ts";
import { createKey } from "./key.ts";
import { isProduction } from "./names.ts";
import { createQueues } from "./queues.ts";
import { createRules } from "./rules.ts";
import { createSchedules } from "./schedules.ts";
import { createSecret } from "./secret.ts";
import { readSettings } from "./settings.ts";
import { createStreams } from "./streams.ts";
import { createTables } from "./tables.ts";

const nobodyIsPaged =
  "Alarms reach nobody: set MONEYBACK_ALARM_EMAIL and deploy again, or subscribe to the alarmTopic.";

export function moneyback() {
  const settings = readSettings(process.env);
  const key = createKey();
  const tables = createTables(key);
  const secret = createSecret(key);
  const queues = createQueues();
  const bus = createBus();

  // The flow needs its tasks, and who starts it needs the flow.
  const { tasks, others } = createFunctions({ settings, tables, secret, queues, bus });
  const flow = createFlow(tasks);
  const functions = new Map([...tasks, ...others(flow.machine.arn)]);

  createStreams(tables, functions, queues);
  createSchedules(functions, queues);
  createRules(bus, functions, queues);
  createInvocations(functions, queues);
  const api = createApi(settings, functions);
  const { topic, metrics } = createAlarms({ settings, api, flow: flow.machine, functions, queues });
  createDashboard({ api, flow: flow.machine, functions, queues, metrics });
  createBudget(settings, topic);

  return {
    api: api.url,
    bus: bus.name,
    connectionsSecret: secret.name,
    apiKeysTable: tables.ApiKeys.name,
    alarmTopic: topic.arn,
    flow: flow.machine.arn,
    ...(isProduction() && !settings.alarmEmail && { warning: nobodyIsPaged }),
  };
}

/** Every rule that a stage's graph must obey, by its name. */
import { alarmRules } from "./alarms.ts";
import { dataRules } from "./data.ts";
import { doorRules } from "./doors.ts";
import { edgeRules } from "./edges.ts";
import { functionRules } from "./functions.ts";
import type { Rule } from "./rule.ts";

export const rules: Readonly<Record<string, Rule>> = {
  ...dataRules,
  ...functionRules,
  ...doorRules,
  ...edgeRules,
  ...alarmRules,
};

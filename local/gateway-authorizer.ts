/** Asks the Lambda authorizer: payload format 2.0, simple response, no identity source and no cache, so it is asked each time. */
import { authorizerEvent, type GatewayCall } from "./gateway-event.ts";
import { type GatewayResponse, gatewayErrors } from "./gateway-response.ts";
import type { LambdaHost } from "./lambda-host.ts";

export type Verdict =
  | { readonly isAuthorized: true; readonly context: unknown }
  | { readonly isAuthorized: false; readonly refusal: GatewayResponse };

/** An authorizer that fails, or whose answer has no verdict, is an internal error; only a plain no is a 403. */
export async function authorize(
  host: Pick<LambdaHost, "invoke">,
  functionName: string,
  call: GatewayCall,
): Promise<Verdict> {
  const answer = await host.invoke(functionName, authorizerEvent(call)).catch(() => undefined);
  if (typeof answer !== "object" || answer === null || !("isAuthorized" in answer))
    return refused(gatewayErrors.internal);
  if (answer.isAuthorized === true) {
    return { isAuthorized: true, context: "context" in answer ? answer.context : null };
  }
  return refused(answer.isAuthorized === false ? gatewayErrors.forbidden : gatewayErrors.internal);
}

function refused(refusal: GatewayResponse): Verdict {
  return { isAuthorized: false, refusal };
}

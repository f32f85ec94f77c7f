/** The HTTP API: which function answers which call. The deployed gateway and the local one both read this table. */

export interface Route {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** As API Gateway's HTTP APIs write it: `{name}` for a path parameter. */
  readonly path: string;
  /** File in `functions/`, without `.ts`. */
  readonly function: string;
  /** Whether the Lambda authorizer is asked first. Its verdict arrives with the event; the endpoint refuses, not the gateway. */
  readonly authorize: boolean;
}

export const routes: readonly Route[] = [
  { method: "POST", path: "/v1/spendbacks", function: "create-spendback", authorize: true },
  { method: "POST", path: "/v1/refunds", function: "create-refund", authorize: true },
  { method: "POST", path: "/v1/cashbacks", function: "create-cashback", authorize: true },
  { method: "POST", path: "/v1/transactions/{id}/cancel", function: "cancel-transaction", authorize: true },
  { method: "POST", path: "/v1/transactions/{id}/resolve", function: "resolve-transaction", authorize: true },
  { method: "GET", path: "/v1/transactions", function: "list-transactions", authorize: true },
  { method: "GET", path: "/v1/transactions/{id}", function: "get-transaction", authorize: true },
  { method: "GET", path: "/v1/accruals", function: "list-accruals", authorize: true },
  { method: "GET", path: "/v1/accruals/{id}", function: "get-accrual", authorize: true },
  { method: "POST", path: "/v1/accruals/{id}/cancel", function: "cancel-accrual", authorize: true },
  {
    method: "PUT",
    path: "/v1/cashback-schedules/{connection}",
    function: "put-cashback-schedule",
    authorize: true,
  },
  {
    method: "GET",
    path: "/v1/cashback-schedules/{connection}",
    function: "get-cashback-schedule",
    authorize: true,
  },
  {
    method: "DELETE",
    path: "/v1/cashback-schedules/{connection}",
    function: "delete-cashback-schedule",
    authorize: true,
  },
  { method: "POST", path: "/v1/batches", function: "create-batch", authorize: true },
  { method: "GET", path: "/v1/batches", function: "list-batches", authorize: true },
  { method: "GET", path: "/v1/batches/{id}", function: "get-batch", authorize: true },
  { method: "POST", path: "/v1/batches/{id}/items", function: "add-batch-items", authorize: true },
  { method: "GET", path: "/v1/batches/{id}/items", function: "list-batch-items", authorize: true },
  { method: "POST", path: "/v1/batches/{id}/start", function: "start-batch", authorize: true },
  { method: "POST", path: "/v1/batches/{id}/cancel", function: "cancel-batch", authorize: true },
  { method: "POST", path: "/v1/batches/{id}/retry", function: "retry-batch", authorize: true },
  { method: "GET", path: "/v1/usage", function: "get-usage", authorize: true },
  { method: "GET", path: "/v1/balances", function: "get-balance", authorize: true },
  { method: "POST", path: "/v1/connections/{id}/check", function: "check-connection", authorize: true },
  { method: "POST", path: "/v1/webhooks/{connection}", function: "receive-webhook", authorize: false },
  { method: "POST", path: "/v1/webhook-endpoints", function: "create-webhook-endpoint", authorize: true },
  { method: "GET", path: "/v1/webhook-endpoints", function: "list-webhook-endpoints", authorize: true },
  { method: "GET", path: "/v1/webhook-endpoints/{id}", function: "get-webhook-endpoint", authorize: true },
  { method: "DELETE", path: "/v1/webhook-endpoints/{id}", function: "delete-webhook-endpoint", authorize: true },
  { method: "POST", path: "/v1/webhook-endpoints/{id}/rotate", function: "rotate-webhook-secret", authorize: true },
  { method: "POST", path: "/v1/webhook-endpoints/{id}/enable", function: "enable-webhook-endpoint", authorize: true },
  {
    method: "GET",
    path: "/v1/webhook-endpoints/{id}/deliveries",
    function: "list-webhook-deliveries",
    authorize: true,
  },
  {
    method: "POST",
    path: "/v1/webhook-endpoints/{id}/replay",
    function: "replay-webhook-deliveries",
    authorize: true,
  },
  { method: "GET", path: "/v1/health", function: "get-health", authorize: false },
  { method: "GET", path: "/openapi.json", function: "get-openapi", authorize: false },
  { method: "GET", path: "/docs", function: "get-docs", authorize: false },
];

/** Answers every call that no route takes, so that even a 404 is a problem document. */
export const fallbackFunction = "not-found";

/** Turns an API key into a tenant and its scopes. */
export const authorizerFunction = "authorize";

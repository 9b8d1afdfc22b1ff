// Made from worker/openapi.json by `npm run generate -w api-types`. Not edited by hand.

export interface paths {
    readonly "/.well-known/genie-handoff.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The keys that links of this host may be signed with */
        readonly get: operations["handoffKeys"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/genie/get": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A Genie space, as genie_get gives it */
        readonly get: operations["getGenieSpace"];
        readonly put?: never;
        /**
         * The same, with the id in a JSON body
         * @description Without a body the id is taken from the query.
         */
        readonly post: operations["postGenieSpace"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/genie/spaces": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Spaces that the server may see */
        readonly get: operations["listGenieSpaces"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/genie/spaces/{space_id}/conversations": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Conversations of a space */
        readonly get: operations["listGenieConversations"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/genie/spaces/{space_id}/conversations/{conversation_id}/messages": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Messages of a conversation
         * @description In the order of Databricks, which promises none: sort by `created_timestamp`.
         */
        readonly get: operations["listGenieMessages"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/handoffs/sign": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * The payload of a link, signed for this host
         * @description A signature says that somebody who may call this server made the link here and that nobody has changed it since. It is no permission.
         */
        readonly post: operations["signHandoff"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/health": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Whether the server is up
         * @description Without `deep` it needs no credential and names no host or version. With `deep=1` it needs one, asks Databricks and the database, and says what it found.
         */
        readonly get: operations["health"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** This description */
        readonly get: operations["openapi"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @enum {string} */
        readonly Code: "space_id_missing" | "space_id_malformed" | "space_id_repeated" | "conversation_id_malformed" | "page_malformed" | "body_malformed" | "credential_missing" | "credential_invalid" | "origin_refused" | "route_unknown" | "space_not_found" | "conversation_not_found" | "signing_off" | "payload_invalid" | "method_unknown" | "body_too_large" | "type_unsupported" | "upstream_busy" | "internal" | "not_configured" | "upstream_failed" | "upstream_refused_us" | "upstream_redirected" | "upstream_unreadable" | "upstream_unreachable" | "upstream_slow";
        readonly Conversation: {
            readonly conversation_id?: components["schemas"]["Id"];
            /** @description Milliseconds since 1970, UTC. */
            readonly created_timestamp?: number;
            readonly title?: string;
        };
        readonly DeepHealth: {
            /** @enum {unknown} */
            readonly auth: "open" | "required";
            /** @enum {unknown} */
            readonly database: "ok" | "not migrated" | "not bound";
            /** @enum {unknown} */
            readonly databricks: "live" | "emulator";
            readonly host: string;
            /** @enum {unknown} */
            readonly status: "ok" | "degraded";
            readonly upstream: {
                readonly code?: string;
                readonly detail?: string;
                readonly ms: number;
                readonly reachable: boolean;
            };
            readonly version: string;
        };
        readonly Health: {
            /** @enum {unknown} */
            readonly auth: "open" | "required";
            /**
             * @description `emulator`: a stand-in on this machine, no real workspace.
             * @enum {unknown}
             */
            readonly databricks: "live" | "emulator";
            /** @constant */
            readonly status: "ok";
        };
        readonly Id: string;
        readonly Message: {
            readonly attachments?: readonly Record<string, never>[];
            readonly content?: string;
            readonly created_timestamp?: number;
            readonly message_id?: components["schemas"]["Id"];
            readonly status?: string;
            readonly user_id?: string;
        };
        readonly Problem: {
            readonly code: components["schemas"]["Code"];
            readonly detail: string;
            readonly issues?: readonly Record<string, never>[];
            readonly request_id: string;
            /** @description Seconds. */
            readonly retry_after?: number;
            readonly retryable: boolean;
            readonly status: number;
            readonly title: string;
            readonly type: string;
        };
        readonly SignedPayload: {
            /** @description The host, with its port if it has one. */
            readonly audience: string;
            /** @description Seconds since 1970. */
            readonly expires: number;
            readonly key_id: string;
            readonly payload: string;
        };
        /** @description Further keys are passed on as Databricks sends them. */
        readonly Space: {
            readonly description: string | null;
            readonly display_name: string | null;
            readonly id: components["schemas"]["Id"];
            readonly run_as_type: string | null;
            readonly sample_questions?: readonly string[] | null;
            readonly space_id: components["schemas"]["Id"];
            /** @description Three-part names. */
            readonly table_identifiers: readonly string[];
            /**
             * @description Present when Databricks withheld the tables; `table_identifiers` is then empty.
             * @constant
             */
            readonly tables_unknown?: true;
            readonly warehouse_id: string | null;
        };
        readonly SpaceSummary: {
            readonly description?: string | null;
            readonly display_name: string | null;
            readonly space_id?: components["schemas"]["Id"];
            readonly warehouse_id?: string | null;
        };
    };
    responses: {
        /** @description Databricks answered with an error, nonsense or a redirect, or refused this server's credential */
        readonly BadUpstream: {
            headers: {
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Databricks limits requests; see `retry_after` */
        readonly Busy: {
            headers: {
                readonly "retry-after": components["headers"]["RetryAfter"];
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description A fault of this server */
        readonly Failed: {
            headers: {
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Well-formed, and not what it should be */
        readonly Invalid: {
            headers: {
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Malformed; nothing was asked of Databricks */
        readonly Malformed: {
            headers: {
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Unknown, or not visible */
        readonly NotFound: {
            headers: {
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is not JSON */
        readonly NotJson: {
            headers: {
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Not allowed */
        readonly Refused: {
            headers: {
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No answer of Databricks in time */
        readonly Slow: {
            headers: {
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is over the limit */
        readonly TooLarge: {
            headers: {
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No credential, or one that is not accepted */
        readonly Unauthenticated: {
            headers: {
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description No connection to Databricks */
        readonly Unreachable: {
            headers: {
                readonly "retry-after": components["headers"]["RetryAfter"];
                readonly "x-request-id": components["headers"]["RequestId"];
                readonly [name: string]: unknown;
            };
            content: {
                readonly "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: never;
    requestBodies: never;
    headers: {
        /** @description Our id of the request; the log has it too. */
        readonly RequestId: string;
        /** @description Seconds. */
        readonly RetryAfter: number;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly handoffKeys: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The keys */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        /** @description JSON Web Keys for Ed25519 (RFC 8037); empty when this server signs nothing. */
                        readonly keys: readonly Record<string, never>[];
                    };
                };
            };
            readonly 500: components["responses"]["Failed"];
        };
    };
    readonly getGenieSpace: {
        readonly parameters: {
            readonly query: {
                /** @description Exactly once, not percent-encoded. */
                readonly space_id: components["schemas"]["Id"];
            };
            readonly header?: {
                /** @description `no-cache` skips the private cache, which otherwise serves an answer again to the same caller for up to 30 s. */
                readonly "cache-control"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The space */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Space"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["Unreachable"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly postGenieSpace: {
        readonly parameters: {
            readonly query?: {
                /** @description Exactly once, not percent-encoded. */
                readonly space_id?: components["schemas"]["Id"];
            };
            readonly header?: {
                /** @description `no-cache` skips the private cache, which otherwise serves an answer again to the same caller for up to 30 s. */
                readonly "cache-control"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    readonly space_id: components["schemas"]["Id"];
                };
            };
        };
        readonly responses: {
            /** @description The space */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Space"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["Unreachable"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly listGenieSpaces: {
        readonly parameters: {
            readonly query?: {
                readonly page_size?: number;
                /** @description `next_page_token` of the page before. */
                readonly page_token?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One page */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly next_page_token?: string;
                        readonly spaces: readonly components["schemas"]["SpaceSummary"][];
                    };
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["Unreachable"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly listGenieConversations: {
        readonly parameters: {
            readonly query?: {
                readonly page_size?: number;
                /** @description `next_page_token` of the page before. */
                readonly page_token?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly space_id: components["schemas"]["Id"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One page */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly conversations: readonly components["schemas"]["Conversation"][];
                        readonly next_page_token?: string;
                    };
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["Unreachable"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly listGenieMessages: {
        readonly parameters: {
            readonly query?: {
                readonly page_size?: number;
                /** @description `next_page_token` of the page before. */
                readonly page_token?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly conversation_id: components["schemas"]["Id"];
                readonly space_id: components["schemas"]["Id"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description One page */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly messages: readonly components["schemas"]["Message"][];
                        readonly next_page_token?: string;
                    };
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["Unreachable"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly signHandoff: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly payload: string;
                };
            };
        };
        readonly responses: {
            /** @description The signed payload */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["SignedPayload"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 500: components["responses"]["Failed"];
        };
    };
    readonly health: {
        readonly parameters: {
            readonly query?: {
                readonly deep?: "1" | "true";
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The state of the server */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Health"] | components["schemas"]["DeepHealth"];
                };
            };
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 500: components["responses"]["Failed"];
        };
    };
    readonly openapi: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description OpenAPI 3.1 */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": Record<string, never>;
                };
            };
        };
    };
}

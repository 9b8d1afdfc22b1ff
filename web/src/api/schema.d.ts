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
    readonly "/api/audit": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who did what, newest first */
        readonly get: operations["listAudit"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/audit/verify": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Whether the chain of the log holds */
        readonly get: operations["verifyAudit"];
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
    readonly "/api/handoffs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * A handoff from what happened in a conversation
         * @description Reads the conversation, looks its tables up in Unity Catalog, takes every value out, signs and keeps the result. The same session with the same messages gives the same handoff. What could not be read is in `issues`.
         */
        readonly post: operations["createHandoff"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/handoffs/{handoff_id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A handoff that this server keeps */
        readonly get: operations["getHandoff"];
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
    readonly "/api/handoffs/validate": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * A context or a link against Unity Catalog
         * @description Tables, columns, the rights of the caller and of the account that runs the load, and the warehouse: each with what was found and the GRANT that would help. Nothing of a link is believed.
         */
        readonly post: operations["validateHandoff"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/me": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who calls, and what they may do */
        readonly get: operations["me"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Plans, changed last first
         * @description A plan that is changed while pages are read moves to the front and may be missed on a later page.
         */
        readonly get: operations["listPlans"];
        readonly put?: never;
        /**
         * A new plan with its first version
         * @description `plan_id`, `created_at` and `version` are filled in when the plan leaves them out.
         */
        readonly post: operations["createPlan"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A plan as its newest version says */
        readonly get: operations["getPlan"];
        /**
         * A new version, if anything is new
         * @description The server writes `plan_metadata.version`: major when target, source table, pattern, write mode or keys change, minor for columns, filters, other configuration, schedule and validation, patch for words, people and execution. A change of an archived plan brings it back.
         */
        readonly put: operations["changePlan"];
        readonly post?: never;
        /** Out of the lists; history stays */
        readonly delete: operations["archivePlan"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/deploy": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Deploy a version as the plan's one job
         * @description Can be repeated: it looks at what there is and does what is missing. Deploying an older version is how one goes back. A schedule that is paused stays paused unless `paused` is false.
         */
        readonly post: operations["deployPlan"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/deployments": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Deployments, newest first
         * @description The last hundred.
         */
        readonly get: operations["listDeployments"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/lineage": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** From the Genie session to the runs, and from column to column */
        readonly get: operations["getLineage"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/pause": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Stop the schedule
         * @description The job stays and can be started by hand.
         */
        readonly post: operations["pausePlan"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/preview": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * What a plan would do: SQL, EXPLAIN, row counts
         * @description Never a write. What the warehouse cannot answer in 25 seconds is cancelled.
         */
        readonly post: operations["previewPlan"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/resume": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Let the schedule go on
         * @description What was missed meanwhile is not made up for.
         */
        readonly post: operations["resumePlan"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/runs": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * Runs, newest first
         * @description The first page looks for runs that the schedule has started; without an answer of Databricks it shows what is known.
         */
        readonly get: operations["listRuns"];
        readonly put?: never;
        /**
         * Run the deployed version now
         * @description With an `Idempotency-Key` it is the same run, however often it is asked for.
         */
        readonly post: operations["startRun"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/runs/{run_id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One run, as it is now */
        readonly get: operations["getRun"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/runs/{run_id}/cancel": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ask a run to stop
         * @description It is `cancelling` until Databricks confirms.
         */
        readonly post: operations["cancelRun"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/runs/{run_id}/repair": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Run what has failed again
         * @description For runs that have failed or were stopped.
         */
        readonly post: operations["repairRun"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/undeploy": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Delete the job and its files
         * @description The plan, its versions and its history stay.
         */
        readonly post: operations["undeployPlan"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/versions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Versions, newest first */
        readonly get: operations["listPlanVersions"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/api/plans/{plan_id}/versions/{version}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** A version, which never changes */
        readonly get: operations["getPlanVersion"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/auth/callback": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * From the sign-in page of the workspace
         * @description Only the workspace sends browsers here.
         */
        readonly get: operations["signInReturn"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/auth/login": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /**
         * To the sign-in page of the workspace
         * @description For browsers. OAuth authorization code with PKCE; afterwards the browser is at `return_to` with a session cookie.
         */
        readonly get: operations["signIn"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/auth/logout": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /**
         * Ends the session and deletes its tokens
         * @description Also for somebody who is not signed in. With a session cookie the request must come from a page of this server.
         */
        readonly post: operations["signOut"];
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
        /** @description `hash` is SHA-256 of the canonical JSON (RFC 8785) of all other members; `prev_hash` is the hash of the entry before. */
        readonly AuditEntry: {
            readonly action: string;
            /** Format: date-time */
            readonly at: string;
            readonly caller: string;
            readonly detail: {
                readonly [key: string]: string;
            };
            readonly genie_session: string | null;
            readonly handoff_id: string | null;
            readonly hash: components["schemas"]["Hash"];
            /** @enum {unknown} */
            readonly outcome: "started" | "ok" | "failed" | "refused" | "unknown";
            /** @enum {unknown} */
            readonly phase: "before" | "after" | "only";
            readonly plan_hash: string | null;
            readonly plan_id: string | null;
            readonly prev_hash: components["schemas"]["Hash"];
            readonly request_id: string;
            readonly seq: number;
            readonly version: string | null;
        };
        readonly AuditState: {
            /** @description Entries that hold. */
            readonly entries: number;
            /** @description The first entry that was looked at: of a long log, only the newest 50,000 entries are. */
            readonly first_seq: number;
            readonly head_hash: components["schemas"]["Hash"];
            readonly problem: {
                /** @enum {unknown} */
                readonly kind: "changed" | "removed" | "reordered";
                readonly seq: number;
            } | null;
            /** @enum {unknown} */
            readonly state: "intact" | "broken";
        };
        readonly Check: {
            /** @description The statement that would give the right. */
            readonly grant?: string;
            readonly id: string;
            readonly message: string;
            readonly principal: {
                readonly name: string;
                /** @enum {unknown} */
                readonly role: "caller" | "run_as";
            } | null;
            readonly privilege?: string;
            readonly securable?: {
                /** @enum {unknown} */
                readonly kind: "catalog" | "schema" | "table" | "warehouse";
                readonly name: string;
            };
            /** @enum {unknown} */
            readonly state: "ok" | "missing" | "not_checked";
            /** @enum {unknown} */
            readonly what: "table_exists" | "columns_exist" | "privilege" | "warehouse_exists" | "warehouse_use" | "identity";
        };
        /** @enum {string} */
        readonly Code: "plans_absent" | "plans_unreachable" | "space_id_missing" | "space_id_malformed" | "space_id_repeated" | "conversation_id_malformed" | "page_malformed" | "body_malformed" | "query_malformed" | "id_malformed" | "idempotency_key_malformed" | "credential_missing" | "credential_invalid" | "origin_refused" | "role_missing" | "second_person_needed" | "csrf" | "route_unknown" | "space_not_found" | "conversation_not_found" | "plan_not_found" | "version_not_found" | "handoff_not_found" | "run_not_found" | "method_unknown" | "plan_exists" | "plan_is_deployed" | "plan_is_archived" | "plan_hash_stale" | "conflict" | "idempotency_key_reused" | "idempotency_in_progress" | "etag_missing" | "etag_stale" | "body_too_large" | "type_unsupported" | "upstream_busy" | "signing_off" | "payload_invalid" | "handoff_differs" | "plan_invalid" | "permissions_missing" | "internal" | "not_configured" | "upstream_failed" | "upstream_refused_us" | "upstream_redirected" | "upstream_unreadable" | "database_unreachable" | "database_busy" | "upstream_unreachable" | "upstream_slow" | "not_deployed" | "deploy_in_progress" | "no_schedule" | "run_has_ended" | "run_not_repairable" | "return_refused" | "sign_in_stale" | "session_ended" | "sign_in_refused" | "databricks_denied" | "sign_in_off" | "too_many_requests" | "breaker_open" | "message_not_found" | "handoff_invalid";
        /** @description A handoff context: metadata of one exploration, never data. docs/link-format.md. */
        readonly Context: {
            readonly exploration_summary: Record<string, never>;
            readonly genie_session_id: string;
            readonly space_id: string;
            readonly user_intent: string;
            readonly validated_columns: Record<string, never>;
            readonly validated_tables: readonly string[];
        } & {
            readonly [key: string]: unknown;
        };
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
            /**
             * @description How the worker with plans, handoffs and sign-in says it is, asked just now. It checks Databricks and the database with its own settings.
             * @enum {unknown}
             */
            readonly plans: "ok" | "degraded" | "unreachable" | "not bound";
            /** @description Whether people can sign in at /auth/login. */
            readonly sign_in: boolean;
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
        readonly Deployment: {
            readonly created: boolean;
            /** Format: date-time */
            readonly deployed_at: string;
            readonly deployed_by: string;
            readonly deployment_id: string;
            readonly file_path?: string | null;
            readonly job_id: string | null;
            readonly job_url?: string | null;
            readonly plan_hash: components["schemas"]["Hash"];
            readonly plan_id: components["schemas"]["PlanId"];
            readonly run_as?: string | null;
            readonly schedule?: components["schemas"]["Schedule"] | null;
            /** @enum {unknown} */
            readonly state: "deployed" | "paused" | "undeployed" | "failed" | "in_progress";
            readonly steps: readonly components["schemas"]["Step"][];
            readonly version: components["schemas"]["Version"];
        };
        readonly Handoff: {
            readonly context: components["schemas"]["Context"];
            /** @description Empty for a handoff of a space alone. */
            readonly conversation_id: string;
            /** Format: date-time */
            readonly created_at: string;
            readonly created_by: string;
            /**
             * Format: date-time
             * @description When the link's signature runs out; absent on a server that signs no links.
             */
            readonly expires_at?: string;
            readonly handoff_id: components["schemas"]["HandoffId"];
            readonly issues: readonly components["schemas"]["Issue"][];
            readonly readiness: components["schemas"]["Readiness"];
            readonly space_id: components["schemas"]["Id"];
            /** @description ORIGIN/handoff#context=PAYLOAD&handoff=ID, or ORIGIN/h/ID over 8,000 characters. */
            readonly url: string;
        };
        readonly HandoffId: string;
        readonly HandoffRecord: {
            readonly context: components["schemas"]["Context"];
            /** @description Empty for a handoff of a space alone. */
            readonly conversation_id: string;
            /** Format: date-time */
            readonly created_at: string;
            readonly created_by: string;
            /**
             * Format: date-time
             * @description When the link's signature runs out; absent on a server that signs no links.
             */
            readonly expires_at?: string;
            readonly handoff_id: components["schemas"]["HandoffId"];
            readonly issues: readonly components["schemas"]["Issue"][];
            readonly payload: string;
            readonly plan_ids: readonly components["schemas"]["PlanId"][];
            readonly readiness: components["schemas"]["Readiness"];
            readonly space_id: components["schemas"]["Id"];
            /** @description ORIGIN/handoff#context=PAYLOAD&handoff=ID, or ORIGIN/h/ID over 8,000 characters. */
            readonly url: string;
        };
        readonly HandoffRequest: {
            /** @description Without one, the handoff is of the space alone. */
            readonly conversation_id?: components["schemas"]["Id"] | null;
            /** @description Only these messages. */
            readonly message_ids?: readonly string[] | null;
            readonly space_id: components["schemas"]["Id"];
            /** @description catalog.schema.table */
            readonly target_table?: string | null;
            /** @description Instead of what the messages say; at most 10,000 bytes. */
            readonly user_intent?: string | null;
        };
        /** @description SHA-256 in hexadecimal. */
        readonly Hash: string;
        readonly Health: {
            /** @enum {unknown} */
            readonly auth: "open" | "required";
            /**
             * @description `emulator`: a stand-in on this machine, no real workspace.
             * @enum {unknown}
             */
            readonly databricks: "live" | "emulator";
            /** @description Whether people can sign in at /auth/login. */
            readonly sign_in: boolean;
            /** @constant */
            readonly status: "ok";
        };
        readonly Id: string;
        readonly Issue: {
            readonly code: string;
            readonly help: string;
            readonly message: string;
            /** @description JSON Pointer into the context or plan. */
            readonly path: string;
            /** @enum {unknown} */
            readonly severity: "info" | "warning" | "error";
        };
        readonly Lineage: {
            readonly columns: readonly {
                readonly how: string;
                readonly sources: readonly {
                    readonly column: string;
                    readonly table: string;
                }[];
                readonly target: string;
            }[];
            readonly edges: readonly {
                readonly from: string;
                readonly to: string;
            }[];
            readonly nodes: readonly {
                /** Format: date-time */
                readonly at: string | null;
                readonly id: string;
                /** @enum {unknown} */
                readonly kind: "session" | "handoff" | "plan_version" | "job" | "run" | "table";
                readonly label: string;
                readonly state: string | null;
                readonly url: string | null;
            }[];
        };
        readonly Me: {
            /** @description The name in the log, in the audit and in CALLER_ROLES. */
            readonly caller: string;
            /**
             * Format: date-time
             * @description When a session ends.
             */
            readonly expires_at: string | null;
            /** @enum {unknown} */
            readonly kind: "open" | "token" | "access" | "databricks";
            /** @description For people. */
            readonly name: string;
            readonly roles: readonly ("viewer" | "author" | "deployer")[];
            /** @description The name at Databricks that deployments run as; null when it cannot be learnt now. */
            readonly run_as: string | null;
            readonly sign_in: {
                readonly available: boolean;
            };
        };
        readonly Message: {
            readonly attachments?: readonly Record<string, never>[];
            readonly content?: string;
            readonly created_timestamp?: number;
            readonly message_id?: components["schemas"]["Id"];
            readonly status?: string;
            readonly user_id?: string;
        };
        /** @description A plan, schema 1.0 or 1.1; the JSON Schema is docs/plan.schema.json. */
        readonly Plan: {
            /** @enum {unknown} */
            readonly schema_version: "1.0" | "1.1";
        };
        readonly PlanBody: components["schemas"]["Plan"] | {
            /** @description A handoff of the session and space that the plan's tags `genie_session_id` and `genie_space_id` name. Left out, it is the one of the version before, or the only one of that session that has the plan's source. */
            readonly handoff_id?: string | null;
            readonly note?: string | null;
            readonly plan: Record<string, never>;
        };
        /** Format: uuid */
        readonly PlanId: string;
        readonly PlanRecord: {
            /** Format: date-time */
            readonly created_at: string;
            readonly created_by: string;
            readonly deployment: components["schemas"]["Deployment"] | null;
            readonly handoff_id: string | null;
            readonly owner: string;
            readonly pattern: string;
            readonly plan: components["schemas"]["Plan"];
            readonly plan_hash: components["schemas"]["Hash"];
            readonly plan_id: components["schemas"]["PlanId"];
            readonly plan_name: string;
            readonly source: string;
            /** @enum {unknown} */
            readonly state: "draft" | "deployed" | "paused" | "archived";
            readonly target: string;
            /** Format: date-time */
            readonly updated_at: string;
            readonly updated_by: string;
            readonly version: components["schemas"]["Version"];
        };
        readonly PlanSummary: {
            /** Format: date-time */
            readonly created_at: string;
            readonly created_by: string;
            readonly deployment: components["schemas"]["Deployment"] | null;
            readonly handoff_id: string | null;
            readonly owner: string;
            readonly pattern: string;
            readonly plan_hash: components["schemas"]["Hash"];
            readonly plan_id: components["schemas"]["PlanId"];
            readonly plan_name: string;
            readonly source: string;
            /** @enum {unknown} */
            readonly state: "draft" | "deployed" | "paused" | "archived";
            readonly target: string;
            /** Format: date-time */
            readonly updated_at: string;
            readonly updated_by: string;
            readonly version: components["schemas"]["Version"];
        };
        readonly PlanVersion: {
            /** @enum {unknown} */
            readonly change: "first" | "major" | "minor" | "patch";
            /** Format: date-time */
            readonly created_at: string;
            readonly created_by: string;
            readonly handoff_id: string | null;
            readonly note: string | null;
            readonly plan_hash: components["schemas"]["Hash"];
            readonly version: components["schemas"]["Version"];
        };
        readonly PlanVersionRecord: {
            /** @enum {unknown} */
            readonly change: "first" | "major" | "minor" | "patch";
            /** Format: date-time */
            readonly created_at: string;
            readonly created_by: string;
            readonly handoff_id: string | null;
            readonly note: string | null;
            readonly plan: components["schemas"]["Plan"];
            readonly plan_hash: components["schemas"]["Hash"];
            readonly version: components["schemas"]["Version"];
        };
        readonly Preview: {
            readonly counts: readonly {
                readonly duration_ms: number | null;
                readonly label: string;
                readonly message: string | null;
                readonly name: string;
                /** @enum {unknown} */
                readonly state: "ok" | "failed" | "not_run" | "warehouse_starting" | "timed_out";
                /** @description A number as text. */
                readonly value: string | null;
            }[];
            readonly explain: {
                readonly duration_ms: number | null;
                readonly message: string | null;
                /** @enum {unknown} */
                readonly state: "ok" | "failed" | "not_run" | "warehouse_starting" | "timed_out";
                readonly text: string | null;
            };
            readonly plan_hash: string;
            readonly plan_id: components["schemas"]["PlanId"];
            readonly sql: string;
            readonly statements: readonly {
                readonly name: string;
                readonly purpose: string;
                readonly sql: string;
            }[];
            readonly version: string | null;
            readonly warehouse: {
                readonly name: string | null;
                readonly state: string | null;
                readonly warehouse_id: string | null;
            };
            readonly warnings: readonly components["schemas"]["Issue"][];
        };
        readonly Problem: {
            readonly checks?: readonly Record<string, never>[];
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
        readonly Readiness: {
            readonly issues: readonly components["schemas"]["Issue"][];
            readonly ready: boolean;
        };
        readonly Run: {
            readonly duration_ms: number | null;
            /** Format: date-time */
            readonly ended_at: string | null;
            /**
             * @description Whether Genie was told, as a comment on the message that the plan came from.
             * @enum {unknown}
             */
            readonly feedback: "sent" | "off" | "not_applicable" | "failed" | "pending";
            readonly job_id: string;
            /** @description What happened and what to do, in words of this server. */
            readonly message: string | null;
            readonly plan_hash: string | null;
            readonly plan_id: components["schemas"]["PlanId"];
            /** Format: date-time */
            readonly queued_at: string;
            /** @description From the history of the target, where one commit of it is certainly this run's. */
            readonly rows: null | {
                readonly affected: string | null;
                readonly deleted: string | null;
                readonly inserted: string | null;
                readonly updated: string | null;
            };
            readonly run_id: components["schemas"]["RunId"];
            readonly run_url: string | null;
            readonly stages: readonly components["schemas"]["Stage"][];
            /** Format: date-time */
            readonly started_at: string | null;
            /** @enum {unknown} */
            readonly state: "waiting" | "running" | "cancelling" | "succeeded" | "failed" | "cancelled" | "skipped" | "unknown";
            /** @enum {unknown} */
            readonly trigger: "manual" | "schedule" | "repair";
            /** @description What Databricks calls it. */
            readonly upstream_state: string | null;
            readonly version: string | null;
        };
        /** @description The id of a run at Databricks. A text: it exceeds what a JavaScript number holds. */
        readonly RunId: string;
        readonly Schedule: {
            readonly paused: boolean;
            readonly quartz: string;
            readonly timezone: string;
            readonly words: string;
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
        readonly Stage: {
            /** Format: date-time */
            readonly ended_at: string | null;
            readonly name: string;
            /** Format: date-time */
            readonly started_at: string | null;
            /** @enum {unknown} */
            readonly state: "waiting" | "running" | "cancelling" | "succeeded" | "failed" | "cancelled" | "skipped" | "unknown";
        };
        readonly Step: {
            readonly ended_at?: string | null;
            readonly message?: string | null;
            readonly name: string;
            readonly started_at?: string | null;
            /** @enum {unknown} */
            readonly state: "done" | "failed" | "skipped" | "running";
        };
        readonly Validation: {
            readonly checks: readonly components["schemas"]["Check"][];
            readonly context: components["schemas"]["Context"];
            readonly issues: readonly components["schemas"]["Issue"][];
            readonly ready: boolean;
            /** @enum {unknown} */
            readonly signature: "unsigned" | "valid" | "expired" | "wrong_audience" | "tampered" | "unknown_key";
        };
        readonly Version: string;
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
        /** @description This server or Databricks limits requests; `code` says which, `retry_after` how long to wait */
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
        /** @description It exists already, is in another state, or somebody else was faster; see `code` */
        readonly Conflict: {
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
        /** @description The database does not answer, or too many changes come at once */
        readonly NoDatabase: {
            headers: {
                readonly "retry-after": components["headers"]["RetryAfter"];
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
        /** @description `If-Match` is missing or names another state; nothing was changed */
        readonly StaleState: {
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
        /** @description Databricks or the database cannot be reached, or Databricks is given a rest */
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
        /** @description The plan's hash in quotes. Send it as `If-Match` with a change. */
        readonly ETag: string;
        /** @description Where the new thing is. */
        readonly Location: string;
        /** @description `true` when this is the stored answer of an earlier request with the same `Idempotency-Key`. */
        readonly Replayed: "true";
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
    readonly listAudit: {
        readonly parameters: {
            readonly query?: {
                /** @description Such as `plan.create`. */
                readonly action?: string;
                readonly caller?: string;
                /** @description RFC 3339; entries at this time or later. */
                readonly from?: string;
                /** @description The conversation that a plan comes from. */
                readonly genie_session?: string;
                readonly outcome?: "started" | "ok" | "failed" | "refused" | "unknown";
                readonly page_size?: number;
                /** @description `next_page_token` of the page before, with the same filters. */
                readonly page_token?: string;
                readonly plan_id?: string;
                /** @description As `x-request-id` and every problem document have it. */
                readonly request_id?: string;
                /** @description RFC 3339; entries before this time. */
                readonly to?: string;
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
                        readonly entries: readonly components["schemas"]["AuditEntry"][];
                        readonly next_page_token?: string;
                    };
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly verifyAudit: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What was found */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["AuditState"];
                };
            };
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
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
    readonly createHandoff: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key again gets the stored answer, for 24 hours. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["HandoffRequest"];
            };
        };
        readonly responses: {
            /** @description It was there already */
            readonly 200: {
                headers: {
                    readonly "idempotent-replayed": components["headers"]["Replayed"];
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Handoff"];
                };
            };
            /** @description Made */
            readonly 201: {
                headers: {
                    readonly "idempotent-replayed": components["headers"]["Replayed"];
                    readonly location: components["headers"]["Location"];
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Handoff"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 409: components["responses"]["Conflict"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["Unreachable"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly getHandoff: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly handoff_id: components["schemas"]["HandoffId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The handoff */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["HandoffRecord"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
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
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["Unreachable"];
        };
    };
    readonly validateHandoff: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly context: components["schemas"]["Context"];
                } | {
                    readonly link: string;
                };
            };
        };
        readonly responses: {
            /** @description What was found */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Validation"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly me: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The caller */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Me"];
                };
            };
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["Unreachable"];
        };
    };
    readonly listPlans: {
        readonly parameters: {
            readonly query?: {
                readonly owner?: string;
                readonly page_size?: number;
                /** @description `next_page_token` of the page before, with the same filters. */
                readonly page_token?: string;
                readonly pattern?: string;
                /** @description Words that name, description, owner, tables or tags have; at most five count. */
                readonly q?: string;
                /** @description Archived plans are shown only when asked for. */
                readonly state?: "draft" | "deployed" | "paused" | "archived" | "all";
                /** @description `catalog.schema.table` */
                readonly target?: string;
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
                        readonly plans: readonly components["schemas"]["PlanSummary"][];
                    };
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly createPlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key again gets the stored answer, for 24 hours. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PlanBody"];
            };
        };
        readonly responses: {
            /** @description Stored */
            readonly 201: {
                headers: {
                    readonly etag: components["headers"]["ETag"];
                    readonly "idempotent-replayed": components["headers"]["Replayed"];
                    readonly location: components["headers"]["Location"];
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PlanRecord"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 409: components["responses"]["Conflict"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly getPlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The plan */
            readonly 200: {
                headers: {
                    readonly etag: components["headers"]["ETag"];
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PlanRecord"];
                };
            };
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly changePlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header: {
                /** @description The `ETag` of the plan that was read, or `*`. */
                readonly "If-Match": string;
            };
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["PlanBody"];
            };
        };
        readonly responses: {
            /** @description The plan as it is now */
            readonly 200: {
                headers: {
                    readonly etag: components["headers"]["ETag"];
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PlanRecord"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 412: components["responses"]["StaleState"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly archivePlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The `ETag` of the plan that was read, or `*`. */
                readonly "If-Match"?: string;
            };
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Archived */
            readonly 204: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 409: components["responses"]["Conflict"];
            readonly 412: components["responses"]["StaleState"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly deployPlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key gets the answer it got before. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody: {
            readonly content: {
                readonly "application/json": {
                    readonly paused?: boolean;
                    readonly plan_hash: components["schemas"]["Hash"];
                    readonly version: components["schemas"]["Version"];
                };
            };
        };
        readonly responses: {
            /** @description The plan had a job, which now runs this version */
            readonly 200: {
                headers: {
                    /** @description There when the answer is a stored one. */
                    readonly "idempotent-replayed"?: "true";
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Deployment"];
                };
            };
            /** @description The plan's job was made */
            readonly 201: {
                headers: {
                    /** @description There when the answer is a stored one. */
                    readonly "idempotent-replayed"?: "true";
                    readonly location?: string;
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Deployment"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 409: components["responses"]["Conflict"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["NoDatabase"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly listDeployments: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Deployments */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": {
                        readonly deployments: readonly components["schemas"]["Deployment"][];
                    };
                };
            };
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly getLineage: {
        readonly parameters: {
            readonly query?: {
                /** @description `openlineage` gives events as https://openlineage.io/spec/2-0-2/OpenLineage.json describes them. */
                readonly format?: "graph" | "openlineage";
            };
            readonly header?: never;
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description A graph, or a list of events */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Lineage"] | readonly Record<string, never>[];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly pausePlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key gets the answer it got before. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": Record<string, never>;
            };
        };
        readonly responses: {
            /** @description The deployment */
            readonly 200: {
                headers: {
                    /** @description There when the answer is a stored one. */
                    readonly "idempotent-replayed"?: "true";
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Deployment"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 409: components["responses"]["Conflict"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["NoDatabase"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly previewPlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": {
                    /** @default true */
                    readonly counts?: boolean | null;
                    /** @description Instead of a stored version. A plan with the id of the address need not have been saved. */
                    readonly plan?: components["schemas"]["Plan"] | null;
                    readonly version?: string | null;
                    readonly warehouse_id?: string | null;
                };
            };
        };
        readonly responses: {
            /** @description The preview */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Preview"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly resumePlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key gets the answer it got before. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": Record<string, never>;
            };
        };
        readonly responses: {
            /** @description The deployment */
            readonly 200: {
                headers: {
                    /** @description There when the answer is a stored one. */
                    readonly "idempotent-replayed"?: "true";
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Deployment"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 409: components["responses"]["Conflict"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["NoDatabase"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly listRuns: {
        readonly parameters: {
            readonly query?: {
                readonly page_size?: number;
                /** @description `next_page_token` of the page before. */
                readonly page_token?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
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
                        readonly next_page_token?: string;
                        readonly runs: readonly components["schemas"]["Run"][];
                    };
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly startRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key gets the answer it got before. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": Record<string, never>;
            };
        };
        readonly responses: {
            /** @description The run */
            readonly 202: {
                headers: {
                    /** @description There when the answer is a stored one. */
                    readonly "idempotent-replayed"?: "true";
                    readonly location?: string;
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 409: components["responses"]["Conflict"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["NoDatabase"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly getRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
                readonly run_id: components["schemas"]["RunId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The run */
            readonly 200: {
                headers: {
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly cancelRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key gets the answer it got before. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
                readonly run_id: components["schemas"]["RunId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": Record<string, never>;
            };
        };
        readonly responses: {
            /** @description The run */
            readonly 202: {
                headers: {
                    /** @description There when the answer is a stored one. */
                    readonly "idempotent-replayed"?: "true";
                    readonly location?: string;
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 409: components["responses"]["Conflict"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["NoDatabase"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly repairRun: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key gets the answer it got before. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
                readonly run_id: components["schemas"]["RunId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": Record<string, never>;
            };
        };
        readonly responses: {
            /** @description The run */
            readonly 202: {
                headers: {
                    /** @description There when the answer is a stored one. */
                    readonly "idempotent-replayed"?: "true";
                    readonly location?: string;
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Run"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 409: components["responses"]["Conflict"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 422: components["responses"]["Invalid"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["NoDatabase"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly undeployPlan: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description The same request with the same key gets the answer it got before. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: {
            readonly content: {
                readonly "application/json": Record<string, never>;
            };
        };
        readonly responses: {
            /** @description The deployment */
            readonly 200: {
                headers: {
                    /** @description There when the answer is a stored one. */
                    readonly "idempotent-replayed"?: "true";
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Deployment"];
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 409: components["responses"]["Conflict"];
            readonly 413: components["responses"]["TooLarge"];
            readonly 415: components["responses"]["NotJson"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["NoDatabase"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly listPlanVersions: {
        readonly parameters: {
            readonly query?: {
                readonly page_size?: number;
                /** @description `next_page_token` of the page before, with the same filters. */
                readonly page_token?: string;
            };
            readonly header?: never;
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
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
                        readonly next_page_token?: string;
                        readonly versions: readonly components["schemas"]["PlanVersion"][];
                    };
                };
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly getPlanVersion: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                readonly plan_id: components["schemas"]["PlanId"];
                readonly version: components["schemas"]["Version"];
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The version */
            readonly 200: {
                headers: {
                    readonly etag: components["headers"]["ETag"];
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["PlanVersionRecord"];
                };
            };
            readonly 401: components["responses"]["Unauthenticated"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["NoDatabase"];
        };
    };
    readonly signInReturn: {
        readonly parameters: {
            readonly query?: {
                readonly code?: string;
                readonly error?: string;
                readonly state?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Signed in */
            readonly 302: {
                headers: {
                    /** @description Where to go. */
                    readonly location?: string;
                    /** @description The session; sealed, HttpOnly. */
                    readonly "set-cookie"?: string;
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 403: components["responses"]["Refused"];
            readonly 404: components["responses"]["NotFound"];
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 502: components["responses"]["BadUpstream"];
            readonly 503: components["responses"]["Unreachable"];
            readonly 504: components["responses"]["Slow"];
        };
    };
    readonly signIn: {
        readonly parameters: {
            readonly query?: {
                /** @description A path of this server, without a fragment. */
                readonly return_to?: string;
            };
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description To Databricks */
            readonly 302: {
                headers: {
                    /** @description Where to go. */
                    readonly location?: string;
                    /** @description What this sign-in began with; sealed, for ten minutes. */
                    readonly "set-cookie"?: string;
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 400: components["responses"]["Malformed"];
            readonly 404: components["responses"]["NotFound"];
            readonly 500: components["responses"]["Failed"];
        };
    };
    readonly signOut: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Signed out */
            readonly 204: {
                headers: {
                    /** @description Removes the session cookie. */
                    readonly "set-cookie"?: string;
                    readonly "x-request-id": components["headers"]["RequestId"];
                    readonly [name: string]: unknown;
                };
                content?: never;
            };
            readonly 403: components["responses"]["Refused"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["Unreachable"];
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
            readonly 429: components["responses"]["Busy"];
            readonly 500: components["responses"]["Failed"];
            readonly 503: components["responses"]["Unreachable"];
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

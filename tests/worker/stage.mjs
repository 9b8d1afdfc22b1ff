// Makes what an operation needs: plans, jobs, runs, handoffs, people.

import { randomUUID } from "node:crypto";
import { encodeHandoff, init } from "genie-handoff";
import { planOf } from "./deployments.mjs";
import { CONVERSATION, SPACE } from "./names.mjs";
import { agree, begin, header, signIn } from "./people.mjs";

/** `call(method, path, request)` sends as a caller who may do everything. */
export function stageOf(server, upstream, call) {
  const made = async (method, path, request) => {
    const answer = await call(method, path, request);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  };
  const stage = {
    newPlan: (change = () => {}) => {
      const plan = planOf(randomUUID());
      change(plan);
      return plan;
    },
    async plan(change) {
      const plan = stage.newPlan(change);
      const answer = await made("POST", "/api/plans", { body: plan });
      const { plan_id, version, plan_hash } = answer.json();
      return { ids: { plan_id, version }, plan, plan_hash, etag: answer.headers.etag };
    },
    async deployable(change) {
      const { ids, plan_hash } = await stage.plan(change);
      return { ids, body: { plan_hash, version: ids.version } };
    },
    async deployed() {
      const { ids, body } = await stage.deployable();
      await made("POST", `/api/plans/${ids.plan_id}/deploy`, { body });
      return { ids };
    },
    async running() {
      const { ids } = await stage.deployed();
      const answer = await made("POST", `/api/plans/${ids.plan_id}/runs`, { body: {} });
      return { ids: { ...ids, run_id: answer.json().run_id } };
    },
    async ended(result_state) {
      const { ids } = await stage.running();
      await upstream.control("POST", `/runs/${ids.run_id}/advance`, { to: "TERMINATED", result_state });
      await made("GET", `/api/plans/${ids.plan_id}/runs/${ids.run_id}`);
      return { ids };
    },
    /** Its stored plan is not valid any more, as after an update of this server that knows better. */
    async spoiled(request) {
      const { DB } = server.databases;
      await DB.prepare("DROP TRIGGER IF EXISTS plan_versions_never_change").run();
      await DB.prepare(
        "UPDATE plan_versions SET plan = json_remove(plan, '$.execution_config') WHERE plan_id = ?",
      )
        .bind(request.ids.plan_id)
        .run();
      return request;
    },
    async handoff() {
      const body = { space_id: SPACE, conversation_id: CONVERSATION };
      return (await made("POST", "/api/handoffs", { body })).json().handoff_id;
    },
    async payload() {
      await init();
      const context = {
        genie_session_id: CONVERSATION,
        space_id: SPACE,
        validated_tables: ["prod_catalog.raw.customer_events"],
        validated_columns: {},
        user_intent: "Load new customer events every day",
        exploration_summary: { queries_run: 0, tables_explored: 1, sample_data_reviewed: false },
        exploration_queries: [],
      };
      return encodeHandoff(context, { baseUrl: server.url }).payload;
    },
    /** The way back from the sign-in page. */
    async callback(hint) {
      const { page, cookies } = await begin(server);
      const back = await agree(page, hint);
      return { query: back.slice(back.indexOf("?")), headers: { cookie: header(cookies) } };
    },
    cookie: async () => (await signIn(server)).cookie,
  };
  return stage;
}

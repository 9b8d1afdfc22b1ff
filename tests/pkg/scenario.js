/** What every consumer does with the package. The report is the same on every host, to the last byte. */

const TABLE = "city_library.circulation.loans";

const CONTEXT = {
  genie_session_id: "01f0a4c123b11612bd272d1371c17149",
  space_id: "01f0d439536b13219fdaeeb975729fae",
  validated_tables: [TABLE],
  validated_columns: { [TABLE]: ["loan_id", "member_id", "due_on", "returned_on"] },
  user_intent: "Überfällige Ausleihen je Zweigstelle, every morning 📚",
  exploration_summary: { queries_run: 1, tables_explored: 1, sample_data_reviewed: true },
  exploration_queries: [
    { query: `SELECT COUNT(*) FROM ${TABLE} WHERE member_id = 'planted-secret'`, result_summary: "1 row" },
  ],
  created_at: "2025-08-04T07:15:00Z",
};

const PLAN = {
  schema_version: "1.0",
  plan_metadata: {
    plan_id: "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10",
    plan_name: "overdue_loans",
    owner: "ada@example.com",
    created_at: "2026-01-16T08:00:00Z",
    version: "1.0.0",
  },
  pattern: { type: "MERGE_UPSERT" },
  source: { catalog: "main", schema: "raw", table: "loans", columns: ["loan_id", "due_on"] },
  target: { catalog: "main", schema: "mart", table: "überfällig", write_mode: "merge" },
  pattern_config: { merge_keys: ["loan_id"] },
  execution_config: { warehouse_id: "0123456789abcdef" },
};

/** With these a draft is the same everywhere and at all times. */
const KNOWN = {
  now: "2026-01-16T08:00:00Z",
  planId: "6b1f7c1e-9a55-4a5e-8f5e-0f7c2f6b9d10",
  owner: "ada@example.com",
  timeZone: "Europe/Berlin",
};

/**
 * `api` is what the consumer imported; `source` is what it gives to init(), `suggestSource` to initSuggest(), if
 * anything.
 */
export async function scenario(api, source, suggestSource) {
  const first = await api.init(source).then(
    () => "loaded",
    (error) => error.code,
  );
  // Again after a success, and a retry after a failure.
  await api.init(source);
  await Promise.all([api.init(source), api.init()]);
  const options = { baseUrl: "https://handoff.example.com" };
  const made = api.encodeHandoff(CONTEXT, options);
  const read = api.decodeHandoff(made.url);
  // The second module comes when it is asked for, unless the consumer has to say from where.
  if (suggestSource !== undefined) await api.initSuggest(suggestSource);
  const drafts = await Promise.all([api.suggestPlan(read.context, KNOWN), api.suggestPlan(CONTEXT, KNOWN)]);
  return {
    first,
    url: made.url,
    equal: JSON.stringify(read.context) === JSON.stringify(made.context),
    again: api.encodeHandoff(read.context, options).url === made.url,
    leaked: JSON.stringify([made, read]).includes("planted-secret"),
    sql: api.renderSql(PLAN).sql,
    suggested: drafts[0],
    sameDraft: drafts[0].pattern === drafts[1].pattern,
    reads: (await api.readSql(CONTEXT.exploration_queries[0].query)).tables[0]?.name,
    writes: await api.readSql("DROP TABLE loans").catch(({ code }) => code),
    refused: refusal(() => api.renderSql({ ...PLAN, source: {} })),
    isError: refusal(() => api.decodeHandoff("?")) !== undefined,
  };

  function refusal(run) {
    try {
      run();
    } catch (error) {
      return api.HandoffError.is(error) && error instanceof api.HandoffError ? error.code : undefined;
    }
  }
}

// Compiled, never run: what the types promise to a strict project.
import {
  type DecodedHandoff,
  decodeHandoff,
  encodeHandoff,
  type HandoffContext,
  HandoffError,
  type Issue,
  init,
  initSuggest,
  type Plan,
  type RenderedPlan,
  readSql,
  renderSql,
  type SuggestedPlan,
  suggestPlan,
  validatePlan,
  verifyHandoff,
} from "genie-handoff";
import { init as inlineInit } from "genie-handoff/inline";

export async function use(context: HandoffContext, plan: Plan, bytes: ArrayBuffer): Promise<string> {
  await init();
  await init(new URL("https://example.com/handoff_bg.wasm"));
  await inlineInit(bytes);
  const { url } = encodeHandoff(context, { baseUrl: "https://example.com", place: "fragment" });
  const decoded: DecodedHandoff = decodeHandoff(url);
  const state: "valid" | "unsigned" | string = await verifyHandoff(decoded.signature, {
    keys: [],
    host: "h",
  });
  const issues: Issue[] = validatePlan(plan).issues;
  const rendered: RenderedPlan = renderSql(plan, { runTime: "parameter" });
  await initSuggest();
  const suggested: SuggestedPlan = await suggestPlan(context, { timeZone: "Europe/Berlin" });
  const draftIssues: Issue[] = validatePlan(suggested.plan).issues;
  const { tables } = await readSql("SELECT 1", { "main.raw.loans": ["loan_id"] });
  // @ts-expect-error an option that does not exist
  renderSql(plan, { runtime: "parameter" });
  // @ts-expect-error a context is an object
  encodeHandoff("text");
  try {
    return rendered.sql + state + issues.length + draftIssues.length + tables.length;
  } catch (error) {
    if (HandoffError.is(error)) return error.code;
    throw error;
  }
}

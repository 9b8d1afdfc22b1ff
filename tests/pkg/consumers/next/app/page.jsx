import * as api from "genie-handoff";
import { scenario } from "../src/scenario.js";
import { Client } from "./client.jsx";

export const dynamic = "force-dynamic";

/** On the server: the wasm is inside the JavaScript, so no file gets lost when the bundle moves. */
export default async function Page() {
  const report = await scenario(api);
  return (
    <main>
      <pre id="server">{JSON.stringify(report)}</pre>
      <Client />
    </main>
  );
}

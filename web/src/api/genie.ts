/** Calls about spaces, conversations and links, for the canvas. */
import { createClient, type HandoffClient } from "genie-handoff";
import { sessionToken } from "../shell/token";

/** As `caller`, with a function for each thing of Genie. */
export const client: HandoffClient = createClient({ token: () => sessionToken.read() });

// The address first: nothing is shown, and nothing is asked of the server, while the link still stands in it.
import "./handoff/take";
import "./styles/pages/handoff.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { HandoffPage } from "./handoff/HandoffPage";
import { Announcer } from "./ui/Announcer";

const root = document.getElementById("root");
if (!root) throw new Error("handoff.html has no element with the id root.");

createRoot(root).render(
  <StrictMode>
    <Announcer>
      <HandoffPage />
    </Announcer>
  </StrictMode>,
);

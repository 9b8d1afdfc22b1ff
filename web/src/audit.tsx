import "./styles/pages/audit.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AuditPage } from "./audit/AuditPage";
import { Announcer } from "./ui/Announcer";

const root = document.getElementById("root");
if (!root) throw new Error("audit.html has no element with the id root.");

createRoot(root).render(
  <StrictMode>
    <Announcer>
      <AuditPage />
    </Announcer>
  </StrictMode>,
);

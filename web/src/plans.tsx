import "./styles/pages/plans.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { PlansApp } from "./plans/PlansApp";
import { Announcer } from "./ui/Announcer";

const root = document.getElementById("root");
if (!root) throw new Error("plans.html has no element with the id root.");

createRoot(root).render(
  <StrictMode>
    <Announcer>
      <PlansApp />
    </Announcer>
  </StrictMode>,
);

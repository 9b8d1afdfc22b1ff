import "./styles/pages/canvas.css";
import { ReactFlowProvider } from "@xyflow/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { CanvasPage } from "./canvas/CanvasPage";
import { Announcer } from "./ui/Announcer";

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root.");

createRoot(root).render(
  <StrictMode>
    <Announcer>
      <ReactFlowProvider>
        <CanvasPage />
      </ReactFlowProvider>
    </Announcer>
  </StrictMode>,
);

"use client";

import * as api from "genie-handoff";
import { StrictMode, useEffect } from "react";
import { scenario } from "../src/scenario.js";
import { Block } from "./block.jsx";

export function Client() {
  useEffect(() => {
    globalThis.report ??= scenario(api);
  }, []);
  return (
    <StrictMode>
      <Block />
    </StrictMode>
  );
}

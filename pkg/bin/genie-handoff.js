#!/usr/bin/env node
import { main } from "../dist/cli/main.js";

// Not process.exit(): what is still on its way to a pipe would be lost.
process.exitCode = await main(process.argv.slice(2));

// Writes the types of the HTTP API that the pages use, from its description.
//
//   node scripts/api-types/generate.mjs           writes web/src/api/schema.d.ts
//   node scripts/api-types/generate.mjs --check   exit code 1 if it is not what it should be
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTS, { astToString } from "openapi-typescript";

const description = new URL("../../worker/openapi.json", import.meta.url);
const target = new URL("../../web/src/api/schema.d.ts", import.meta.url);

const syntax = await openapiTS(description, { alphabetize: true, immutable: true });
const text = `// Made from worker/openapi.json by \`npm run generate -w api-types\`. Not edited by hand.\n\n${astToString(syntax)}`;

if (process.argv.includes("--check")) {
  if (!existsSync(target) || readFileSync(target, "utf8") !== text) {
    console.error(
      `${fileURLToPath(target)} does not fit worker/openapi.json. \`npm run generate -w api-types\` renews it.`,
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}

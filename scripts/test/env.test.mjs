import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("../lib/env.sh", import.meta.url));

describe(".env.local", () => {
  let folder;
  let file;
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), "genie-handoff-test-"));
    file = path.join(folder, "env");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** What a child process sees after `text` was read. */
  function seen(text, environment = {}) {
    if (text !== undefined) writeFileSync(file, text);
    const out = execFileSync(
      "bash",
      ["--norc", "-euo", "pipefail", "-c", '. "$1" "$2"; exec env -0', "bash", script, file],
      {
        env: { PATH: process.env.PATH, ...environment },
        encoding: "utf8",
      },
    );
    return Object.fromEntries(out.split("\0").map((entry) => entry.split(/=(.*)/s).slice(0, 2)));
  }

  it("is not needed", () => {
    rmSync(file, { force: true });
    assert.equal(seen(undefined, { A: "1" }).A, "1");
  });

  it("is read as a shell script whose variables are all exported", () => {
    const variables = seen('A=plain\nB="with blanks"\nexport C=\'$A "x"\'\nD=$A-$B # a remark\n');
    assert.equal(variables.A, "plain");
    assert.equal(variables.B, "with blanks");
    assert.equal(variables.C, '$A "x"');
    assert.equal(variables.D, "plain-with blanks");
  });

  it("loses against what the environment has already", () => {
    const odd = "two\nlines 'and' \"quotes\" $HOME \\";
    const variables = seen("A=file\nB=file\n", { A: odd });
    assert.equal(variables.A, odd);
    assert.equal(variables.B, "file");
  });

  it("ends the start when it is not valid", () => {
    assert.throws(() => seen("A='open\n"));
  });
});

import { describe, expect, it } from "vitest";
import type { PermissionCheck } from "../src/api";
import { reviewAddress, titleOf } from "../src/pilot/link";
import { grantsOf, groupBySecurable } from "../src/ui/checks";

describe("a link of a SQLPilot block", () => {
  it.each([
    ["https://elsewhere.example/handoff#context=v1abc", "/handoff#context=v1abc"],
    ["https://elsewhere.example/handoff?context=v1abc&x=1#y", "/handoff#context=v1abc"],
    [
      "http://h/handoff#context=v1abc&handoff=abcdefgh12345678abcd",
      "/handoff#context=v1abc&handoff=abcdefgh12345678abcd",
    ],
    ["http://h/handoff#context=v1abc&handoff=../x", "/handoff#context=v1abc"],
    ["v1abc", "/handoff#context=v1abc"],
    ["https://elsewhere.example/h/abcdefgh12345678abcd", "/h/abcdefgh12345678abcd"],
    ["/h/abcdefgh12345678abcd", "/h/abcdefgh12345678abcd"],
    // Whatever was pasted, the review opens on this server.
    ["javascript:alert(1)", "/handoff#context=javascript%3Aalert(1)"],
  ])("%s opens at %s", (link, address) => {
    expect(reviewAddress(link)).toBe(address);
  });

  it("is called by the first line of its intent", () => {
    expect(titleOf("  Waste per shop\nEvery day")).toBe("Waste per shop");
    expect(titleOf("w".repeat(80))).toBe(`${"w".repeat(59)}…`);
    expect(titleOf(" \n ")).toBe("");
  });
});

describe("permissions by what they are about", () => {
  const check = (
    id: string,
    name: string,
    state: PermissionCheck["state"],
    grant?: string,
  ): PermissionCheck => ({
    id,
    what: "privilege",
    state,
    principal: null,
    securable: { kind: "table", name },
    message: "",
    ...(grant !== undefined && { grant }),
  });

  it("come with what is missing first, each statement once, none for what is granted", () => {
    const { securable: _, ...account } = check("5", "", "not_checked");
    const all = [
      check("1", "a", "ok", "GRANT 1"),
      check("2", "b", "not_checked", "GRANT 2"),
      check("3", "b", "missing", "GRANT 3"),
      check("4", "b", "missing", "GRANT 3"),
      account,
    ];
    expect(groupBySecurable(all).map(({ name, items }) => [name, items.map(({ id }) => id)])).toEqual([
      ["b", ["3", "4", "2"]],
      ["", ["5"]],
      ["a", ["1"]],
    ]);
    expect(grantsOf(all)).toEqual(["GRANT 2", "GRANT 3"]);
  });
});

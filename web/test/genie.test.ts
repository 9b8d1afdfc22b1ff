import { HandoffError } from "genie-handoff";
import { describe, expect, it } from "vitest";
import type { GenieSpaceSummary } from "../src/api";
import { readAddress } from "../src/canvas/address";
import { blockTitle } from "../src/genie/blockTitle";
import { describeFailure, failureKind, waitFor } from "../src/genie/failure";
import { looksLikeReference, searchSpaces } from "../src/genie/spaceSearch";
import { firstTables, groupTables } from "../src/genie/tables";
import { toWorkspaceOrigin } from "../src/shell/workspace";
import { toMillis, utc } from "../src/ui/time";

const spaceId = "01f0eca3dc1b1cbc9b65fa58f94c18ad";

describe("groupTables", () => {
  it("groups by catalog and schema in the order of the space, each name once", () => {
    expect(groupTables(["c.raw.events", "c.curated.daily", "c.raw.users", "c.raw.events"])).toEqual([
      {
        schema: "c.raw",
        tables: [
          { full: "c.raw.events", name: "events" },
          { full: "c.raw.users", name: "users" },
        ],
      },
      { schema: "c.curated", tables: [{ full: "c.curated.daily", name: "daily" }] },
    ]);
  });

  it("reads quoted names, and shows what it cannot read as it is", () => {
    expect(groupTables(["`my.cat`.s.`t``x`", "bare", "a.`open"])).toEqual([
      { schema: "my.cat.s", tables: [{ full: "`my.cat`.s.`t``x`", name: "t`x" }] },
      {
        schema: "",
        tables: [
          { full: "bare", name: "bare" },
          { full: "a.`open", name: "a.`open" },
        ],
      },
    ]);
  });

  it("cuts a long list without losing its groups", () => {
    const groups = groupTables(["a.a.1", "a.a.2", "b.b.3", "b.b.4"]);
    expect(firstTables(groups, 3).map((group) => group.tables.length)).toEqual([2, 1]);
    expect(firstTables(groups, 2)).toHaveLength(1);
    expect(firstTables(groups, 99)).toEqual(groups);
  });
});

describe("searchSpaces", () => {
  const spaces: GenieSpaceSummary[] = [
    { space_id: "1".repeat(32), display_name: "Team: sales of last year" },
    { space_id: "2".repeat(32), display_name: "Sales" },
    { space_id: "3".repeat(32), display_name: "Wholesales" },
    { space_id: "4".repeat(32), display_name: "Café Umsätze", description: "Sales by shop" },
    { space_id: "5".repeat(32), display_name: null },
  ];
  const found = (query: string) =>
    searchSpaces(spaces, query)
      .map((space) => space.space_id[0])
      .join("");

  it("puts names before descriptions and starts before the rest", () => {
    expect(found("sales")).toBe("2134");
  });
  it("takes every word, in any order, without regard to case and accents", () => {
    expect(found("YEAR sales")).toBe("1");
    expect(found("cafe umsatze")).toBe("4");
    expect(found("sales nothing")).toBe("");
  });
  it("finds by the start of an id, and all with nothing asked", () => {
    expect(found("3333")).toBe("3");
    expect(found("   ")).toBe("12345");
  });
  it("takes characters as they are", () => {
    expect(found(".*")).toBe("");
    expect(found("(")).toBe("");
  });
});

describe("looksLikeReference", () => {
  it.each([
    [spaceId, true],
    [` ${spaceId.toUpperCase()} `, true],
    [spaceId.slice(0, 30), true],
    [`https://x.cloud.databricks.com/genie/rooms/${spaceId}?o=1`, true],
    [`adb-1.2.azuredatabricks.net/genie/rooms/${spaceId}`, true],
    ["/genie/rooms/x", true],
    ["sales", false],
    ["deadbeef", false],
    ["", false],
    ["finance: monthly close", false],
  ])("%s: %s", (text, expected) => {
    expect(looksLikeReference(text)).toBe(expected);
  });
});

describe("failures", () => {
  const error = (code: string, status?: number, more = {}) =>
    new HandoffError(code, "What happened.", { status, ...more });

  it.each([
    ["space_id_malformed", 400, "invalid"],
    ["credential_missing", 401, "unauthorised"],
    ["origin_refused", 403, "foreign-page"],
    ["some_future_code", 403, "forbidden"],
    ["space_not_found", 404, "not-found"],
    ["upstream_busy", 429, "throttled"],
    ["not_configured", 500, "not-configured"],
    ["internal", 500, "other"],
    ["upstream_refused_us", 502, "refused"],
    ["upstream_unreadable", 502, "upstream"],
    ["upstream_unreachable", 503, "unreachable"],
    ["upstream_slow", 504, "slow"],
    ["network_error", undefined, "offline"],
    ["timeout", undefined, "slow"],
    ["invalid_response", undefined, "other"],
    ["toString", undefined, "other"],
  ])("%s (%s) is %s", (code, status, kind) => {
    expect(failureKind(error(code, status))).toBe(kind);
  });

  it("has words for the list as well as for a space, and keeps what the server said", () => {
    const space = describeFailure(error("space_not_found", 404), "space");
    const list = describeFailure(error("route_unknown", 404), "list");
    expect(space.detail).toBe("What happened.");
    expect(space.title).not.toBe(list.title);
  });

  it("speaks for itself when there was no answer", () => {
    expect(describeFailure(error("network_error"), "space")).not.toHaveProperty("detail");
    expect(describeFailure(error("invalid_response"), "space").detail).toBe("What happened.");
  });

  it("waits by itself only when throttled, as long as the server says", () => {
    expect(waitFor(error("upstream_busy", 429, { retryAfter: 60 }))).toBe(60);
    expect(waitFor(error("upstream_busy", 429, { retryAfter: 0 }))).toBe(1);
    expect(waitFor(error("upstream_busy", 429))).toBe(30);
    expect(waitFor(error("upstream_unreachable", 503, { retryAfter: 5 }))).toBeUndefined();
  });
});

describe("small things", () => {
  it("reads the space in the page's address, and says when it is none", () => {
    expect(readAddress(`?space=${spaceId.toUpperCase()}&x=1`)).toEqual({ spaceId });
    expect(readAddress("?space=")).toEqual({});
    expect(readAddress("")).toEqual({});
    expect(readAddress("?space=../../etc")).toEqual({ invalid: true });
  });

  it("names a block by what is known of it", () => {
    const space = { kind: "space", spaceId, origin: "first" } as const;
    const block = { id: "a", kind: "genie", position: { x: 0, y: 0 }, space } as const;
    expect(blockTitle({ ...block, name: "Mine" }, "Theirs")).toBe("Mine");
    expect(blockTitle(block, " Theirs ")).toBe("Theirs");
    expect(blockTitle(block, "  ")).toContain("01f0…18ad");
    expect(blockTitle({ ...block, space: { kind: "unsettled" } }, undefined)).toBe("New Genie block");
  });

  it("links only to https addresses of a workspace", () => {
    expect(toWorkspaceOrigin("https://dbc-1.cloud.databricks.com/x?y")).toBe(
      "https://dbc-1.cloud.databricks.com",
    );
    expect(toWorkspaceOrigin("adb-1.2.azuredatabricks.net")).toBe("https://adb-1.2.azuredatabricks.net");
    for (const host of ["http://x", "javascript://%0aalert(1)", "javascript:alert(1)", "", 5, null, "::"]) {
      expect(toWorkspaceOrigin(host)).toBeUndefined();
    }
  });

  it("takes times in milliseconds, seconds and RFC 3339", () => {
    const millis = Date.UTC(2026, 10, 20, 9, 30);
    expect(toMillis(millis)).toBe(millis);
    expect(toMillis(millis / 1000)).toBe(millis);
    expect(toMillis(String(millis))).toBe(millis);
    expect(toMillis("2026-11-20T10:30:00+01:00")).toBe(millis);
    expect(utc(millis)).toBe("2026-11-20T09:30:00Z");
    for (const value of ["", "soon", null, undefined, -1, 0, Number.NaN, {}, 9e15]) {
      expect(toMillis(value)).toBeUndefined();
    }
  });
});

import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync(new URL("../src/styles/tokens.css", import.meta.url), "utf8");
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map(
    ([, name, light, dark]) => [name ?? "", { light: light ?? "", dark: dark ?? "" }],
  ),
);

/** Relative luminance, as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

const text = 4.5;
const shape = 3;

const pairs: [front: string, backs: string[], least: number][] = [
  ["text", ["canvas", "surface", "raised", "hover", "accent-soft"], text],
  ["muted", ["canvas", "surface", "raised", "hover", "accent-soft"], text],
  ["accent", ["canvas", "surface", "raised", "hover", "accent-soft"], text],
  ["on-accent", ["accent", "accent-hover"], text],
  ["danger", ["surface", "danger-soft", "canvas"], text],
  ["amber", ["surface", "amber-soft"], text],
  ["outline", ["surface", "canvas"], shape],
  ["focus", ["surface", "canvas", "accent-soft"], shape],
  ["spark", ["surface", "canvas"], shape],
];

describe.each(["light", "dark"] as const)("%s", (theme) => {
  for (const [front, backs, least] of pairs) {
    it.each(backs)(`${front} on %s has at least ${least}:1`, (back) => {
      const a = tokens.get(front)?.[theme];
      const b = tokens.get(back)?.[theme];
      if (!a || !b) throw new Error(`tokens.css has no ${a ? back : front}.`);
      expect(contrast(a, b)).toBeGreaterThanOrEqual(least);
    });
  }
});

/** Searching spaces by what people remember of them. Pure. */
import type { GenieSpaceSummary } from "../api";

/**
 * The spaces that hold every word of `query` in name, description or id, best first: name before description,
 * start of the name before start of a word before anywhere. Case and accents do not matter. An empty query
 * gives all spaces in the order of the workspace.
 */
export function searchSpaces(spaces: readonly GenieSpaceSummary[], query: string): GenieSpaceSummary[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [...spaces];
  const hits: { space: GenieSpaceSummary; rank: number; at: number }[] = [];
  spaces.forEach((space, at) => {
    const name = fold(space.display_name ?? "");
    const description = fold(space.description ?? "");
    let rank = 0;
    for (const word of words) {
      const wordRank = rankOf(word, name, description, space.space_id);
      if (wordRank === undefined) return;
      rank += wordRank;
    }
    hits.push({ space, rank, at });
  });
  hits.sort((a, b) => a.rank - b.rank || a.at - b.at);
  return hits.map((hit) => hit.space);
}

function rankOf(word: string, name: string, description: string, id: string): number | undefined {
  const inName = name.indexOf(word);
  if (inName === 0) return 0;
  if (inName > 0) return /[\p{L}\p{N}]/u.test(name.charAt(inName - 1)) ? 2 : 1;
  if (id.startsWith(word)) return 3;
  if (description.includes(word)) return 4;
  return undefined;
}

function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/**
 * Whether a text is meant as an id or a link, so that "no space of that name" would be the wrong answer. Only
 * decides what is asked: what the text really names is for the package to say.
 */
export function looksLikeReference(text: string): boolean {
  const trimmed = text.trim();
  return /^https?:|\/|\.(?:com|net)\b/i.test(trimmed) || /^[0-9a-f-]{24,}$/i.test(trimmed);
}

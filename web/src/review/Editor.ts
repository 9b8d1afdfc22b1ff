/** The editor of the plan, loaded beside the page: also while nobody edits, so that it is there without a network. */
import { review } from "../strings/review";
import { later } from "../ui/later";

/** A function of its own: Vite takes what follows `import()` for a part of it, and loses failures of the styles. */
export const loadEditor = () => import("./EditorCard");

export const Editor = later(async () => (await loadEditor()).EditorCard, review.editor.title);

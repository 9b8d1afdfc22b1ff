/** The words that somebody wrote for a space, kept for this tab so that closing the dialog or reloading loses nothing. */
import { sessionStore } from "../shell/stores";

const key = (spaceId: string) => `genie-handoff.intent.${spaceId}`;

export function readDraft(spaceId: string): string {
  try {
    return sessionStore()?.getItem(key(spaceId)) ?? "";
  } catch {
    return "";
  }
}

export function writeDraft(spaceId: string, intent: string): void {
  try {
    if (intent === "") sessionStore()?.removeItem(key(spaceId));
    else sessionStore()?.setItem(key(spaceId), intent);
  } catch {
    // The words then live as long as the dialog.
  }
}

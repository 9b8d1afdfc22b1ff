import { useEffect, useState } from "react";
import { localStore } from "./stores";

/** What people can choose. `system` follows the device, also while the page is open. */
export type ThemeChoice = "system" | "light" | "dark";

/** Shared with `public/theme.js`, which applies the choice before the first paint. */
const key = "genie-handoff.theme";

function readTheme(): ThemeChoice {
  const value = localStore()?.getItem(key);
  return value === "light" || value === "dark" ? value : "system";
}

/** The chosen theme, kept in this browser and the same in all of its tabs. */
export function useTheme(): [ThemeChoice, (choice: ThemeChoice) => void] {
  const [choice, setChoice] = useState(readTheme);

  useEffect(() => {
    const follow = (event: StorageEvent) => {
      if (event.key === key) setChoice(readTheme());
    };
    window.addEventListener("storage", follow);
    return () => window.removeEventListener("storage", follow);
  }, []);

  useEffect(() => {
    const root = document.documentElement;
    if (choice === "system") delete root.dataset.theme;
    else root.dataset.theme = choice;
  }, [choice]);

  const choose = (next: ThemeChoice) => {
    setChoice(next);
    try {
      if (next === "system") localStore()?.removeItem(key);
      else localStore()?.setItem(key, next);
    } catch {
      // The choice then lasts until the page is reloaded.
    }
  };
  return [choice, choose];
}

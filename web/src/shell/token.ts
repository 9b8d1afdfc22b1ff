/**
 * The access token of this tab. It lives in `sessionStorage`, apart from the canvas: closing the tab forgets
 * it, and nothing that is saved or shared can carry it.
 */

const key = "genie-handoff.token";

/** A value in `sessionStorage` that components can subscribe to. */
class SessionToken {
  #memory: string | undefined;
  #listeners = new Set<() => void>();

  constructor() {
    try {
      this.#memory = sessionStorage.getItem(key) ?? undefined;
    } catch {
      // Storage is switched off; the token then lives until the page is reloaded.
    }
  }

  read = (): string | undefined => this.#memory;

  /** Sets the token, or forgets it when `token` is blank. */
  write(token: string): void {
    const trimmed = token.trim();
    this.#memory = trimmed === "" ? undefined : trimmed;
    try {
      if (this.#memory === undefined) sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, this.#memory);
    } catch {
      // As above.
    }
    for (const listener of this.#listeners) listener();
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}

/** The token of this tab. */
export const sessionToken = new SessionToken();

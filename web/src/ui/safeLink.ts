/** An address from an answer, if it may become a link: https, or http of this machine. Anything else could be a script. */
export function safeLink(address: string | null | undefined): string | undefined {
  if (!address) return undefined;
  try {
    const url = new URL(address);
    const local = url.hostname === "127.0.0.1" || url.hostname === "localhost";
    return url.protocol === "https:" || (url.protocol === "http:" && local) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

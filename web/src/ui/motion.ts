/** Whether the reader asked for less movement. Read each time, because it can change while the page is open. */
export function reducedMotion(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

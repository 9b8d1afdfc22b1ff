import { useEffect, useRef } from "react";

/**
 * Calls `renew` every `seconds`, and at once when the page is seen again. A hidden page asks nothing; without `seconds`
 * nothing is asked at all.
 */
export function usePolling(seconds: number | undefined, renew: () => void): void {
  const latest = useRef(renew);
  latest.current = renew;
  useEffect(() => {
    if (seconds === undefined) return;
    let timer: ReturnType<typeof setInterval> | undefined;
    const follow = () => {
      clearInterval(timer);
      timer = document.hidden ? undefined : setInterval(() => latest.current(), seconds * 1000);
    };
    const seen = () => {
      if (!document.hidden) latest.current();
      follow();
    };
    follow();
    document.addEventListener("visibilitychange", seen);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", seen);
    };
  }, [seconds]);
}

import { createContext, type ReactNode, useCallback, useContext, useRef, useState } from "react";

const Announce = createContext<(message: string) => void>(() => {});

/** Says things to screen readers, one after the other, without moving the focus. */
export function Announcer({ children }: { readonly children: ReactNode }) {
  const [lines, setLines] = useState<readonly { id: number; text: string }[]>([]);
  const next = useRef(0);

  const announce = useCallback((text: string) => {
    next.current += 1;
    const id = next.current;
    // A few lines stay, so that two messages in one moment are both read.
    setLines((before) => [...before.slice(-4), { id, text }]);
  }, []);

  return (
    <Announce value={announce}>
      {children}
      <div className="visually-hidden" role="log" aria-live="polite" data-testid="announcements">
        {lines.map((line) => (
          <p key={line.id}>{line.text}</p>
        ))}
      </div>
    </Announce>
  );
}

/** The function that says something; the same for the life of the page. */
export function useAnnounce(): (message: string) => void {
  return useContext(Announce);
}

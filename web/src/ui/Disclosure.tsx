import { type ReactNode, useEffect, useId, useRef, useState } from "react";

interface Props {
  /** What stands on the button. */
  readonly face: ReactNode;
  /** The accessible name, when the face says too little. */
  readonly label?: string;
  readonly className?: string;
  readonly testId?: string;
  /** Which edge of the button the panel lines up with. */
  readonly align?: "start" | "end";
  /** Loads the panel when somebody comes near; see `later`. */
  readonly ahead?: { readonly onPointerEnter: () => void; readonly onFocus: () => void };
  /** Gets a function that closes the panel and gives the focus back to the button. */
  readonly children: ReactNode | ((close: () => void) => ReactNode);
}

/** A button with a panel under it. Escape, a press elsewhere and leaving it with the keyboard close it. */
export function Disclosure({ face, label, className = "", testId, align = "end", ahead, children }: Props) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useId();

  useEffect(() => {
    if (!open) return;
    const closeOutside = (event: Event) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpen(false);
    };
    document.addEventListener("pointerdown", closeOutside);
    document.addEventListener("focusin", closeOutside);
    return () => {
      document.removeEventListener("pointerdown", closeOutside);
      document.removeEventListener("focusin", closeOutside);
    };
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape belongs to the button and to everything in its panel.
    <div
      ref={root}
      className="disclosure"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        close();
      }}
    >
      <button
        ref={button}
        type="button"
        className={className}
        data-testid={testId}
        aria-expanded={open}
        aria-controls={open ? panel : undefined}
        aria-label={label}
        title={label}
        {...ahead}
        onClick={() => setOpen(!open)}
      >
        {face}
      </button>
      {open && (
        <div id={panel} className={`panel panel-${align}`}>
          {typeof children === "function" ? children(close) : children}
        </div>
      )}
    </div>
  );
}

import { type ComponentType, type ReactNode, useEffect, useState } from "react";
import { strings } from "../strings";

/** A part of a page that is loaded when it is first shown. */
export interface Later<P> {
  (props: P): ReactNode;
  /** For the button that will show it: loads it when a pointer or the focus comes near. Says nothing if that fails. */
  readonly ahead: { readonly onPointerEnter: () => void; readonly onFocus: () => void };
}

/**
 * Makes a part of a page out of a chunk of its own. While it is loaded the part says so; if it cannot be loaded it says
 * that, with a way to try again. Once loaded it is drawn at once wherever it stands. `title` is the heading that the part
 * will bring, if it has one.
 */
export function later<P extends object>(load: () => Promise<ComponentType<P>>, title?: string): Later<P> {
  let Part: ComponentType<P> | undefined;
  const get = async () => {
    Part ??= await load();
  };
  // biome-ignore lint/correctness/noComponentHookFactories: called once for each part, at the top of its module
  function LaterPart(props: P) {
    const [state, setState] = useState<"asked" | "failed" | "there">(Part ? "there" : "asked");
    useEffect(() => {
      if (state !== "asked") return;
      let current = true;
      get().then(
        () => current && setState("there"),
        () => current && setState("failed"),
      );
      return () => {
        current = false;
      };
    }, [state]);
    if (Part && state === "there") return <Part {...props} />;
    return (
      <>
        {title && <h2>{title}</h2>}
        {state !== "failed" ? (
          <p className="quiet">{strings.part.loading}</p>
        ) : (
          <p className="row field-error" role="alert" data-testid="part-missing">
            {strings.part.missing}
            <button type="button" className="button" onClick={() => setState("asked")}>
              {strings.common.retry}
            </button>
          </p>
        )}
      </>
    );
  }
  const ahead = () => void get().catch(() => {});
  LaterPart.ahead = { onPointerEnter: ahead, onFocus: ahead };
  return LaterPart;
}

import { useEffect, useState } from "react";
import { readSpaceReference, toHandoffError } from "../api";
import { looksLikeReference } from "./spaceSearch";

/** What a typed or pasted text names. */
export type Reference =
  | { readonly kind: "none" }
  | { readonly kind: "reading" }
  | { readonly kind: "space"; readonly spaceId: string }
  | { readonly kind: "invalid"; readonly message: string };

/** Reads a pasted id or Genie link. Words to search for are `none`. */
export function useReference(text: string): Reference {
  const [read, setRead] = useState<{ text: string; reference: Reference }>();
  const wanted = looksLikeReference(text);

  useEffect(() => {
    if (!wanted) return;
    let current = true;
    readSpaceReference(text).then(
      (spaceId) => current && setRead({ text, reference: { kind: "space", spaceId } }),
      (cause: unknown) => {
        const { message, help } = toHandoffError(cause);
        const reference = { kind: "invalid", message: help ? `${message} ${help}` : message } as const;
        if (current) setRead({ text, reference });
      },
    );
    return () => {
      current = false;
    };
  }, [text, wanted]);

  if (!wanted) return { kind: "none" };
  return read?.text === text ? read.reference : { kind: "reading" };
}

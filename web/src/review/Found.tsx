import type { Check } from "../api/types";
import { answers } from "../strings/answers";
import { CheckList } from "../ui/CheckList";

/** What is missing and what nobody could check, then, folded, what is granted. */
export function Found({ checks }: { readonly checks: readonly Check[] }) {
  const words = answers.permissions;
  const granted = checks.filter(({ state }) => state === "ok");
  const open = checks.filter(({ state }) => state !== "ok");
  return (
    <>
      {open.length === 0 && <p className="strong">{words.allGranted}</p>}
      <CheckList checks={open} />
      {granted.length > 0 && (
        <details data-testid="granted">
          <summary>{words.granted(granted.length)}</summary>
          <CheckList checks={granted} />
        </details>
      )}
    </>
  );
}

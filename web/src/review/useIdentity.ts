import { useEffect, useState } from "react";
import { server } from "./server";

/** Who reviews, and as whom the job runs. */
export type Identity =
  | { readonly kind: "asking" }
  | { readonly kind: "unknown" }
  | {
      readonly kind: "known";
      readonly name: string;
      readonly runAs?: string;
      readonly roles: readonly string[];
    };

/** Asks the server once, and again when it has come back. */
export function useIdentity(up: boolean | undefined): Identity {
  const [identity, setIdentity] = useState<Identity>({ kind: "asking" });
  useEffect(() => {
    if (up === undefined) return;
    if (!up) {
      setIdentity((before) => (before.kind === "known" ? before : { kind: "unknown" }));
      return;
    }
    const controller = new AbortController();
    server.me(controller.signal).then(
      ({ caller, name, run_as, roles }) => {
        if (controller.signal.aborted) return;
        const runAs = typeof run_as === "string" ? run_as : run_as?.name;
        setIdentity({
          kind: "known",
          name: name || caller,
          roles: Array.isArray(roles) ? roles : [],
          ...(runAs && { runAs }),
        });
      },
      () => {
        if (!controller.signal.aborted) setIdentity({ kind: "unknown" });
      },
    );
    return () => controller.abort();
  }, [up]);
  return identity;
}

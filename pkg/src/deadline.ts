import { HandoffError } from "./errors.js";

/** One call's right to go on: it ends with the caller's signal or with its time. */
export interface Deadline {
  signal: AbortSignal;
  /** Settles with the work, or rejects the moment the deadline ends, even if the work ignores its signal. */
  race<T>(work: Promise<T>): Promise<T>;
  /** Throws when the deadline has ended. */
  check(): void;
  /** Ends what is still on its way, without making it a failure. */
  abandon(): void;
  dispose(): void;
}

/**
 * `AbortSignal.any` would be shorter, but browsers have it only since 2024, and it cannot say afterwards whether the
 * caller left or the time was up.
 */
export function startDeadline(outer: AbortSignal | undefined, timeoutMs: number): Deadline {
  const controller = new AbortController();
  let failure: HandoffError | undefined;
  let reject: (error: HandoffError) => void = () => {};
  const ended = new Promise<never>((_, fail) => {
    reject = fail;
  });
  // Nobody may be waiting when it ends.
  ended.catch(() => {});

  const end = (error: HandoffError) => {
    if (failure !== undefined) return;
    failure = error;
    controller.abort(error);
    reject(error);
  };
  const onAbort = () =>
    end(
      new HandoffError("aborted", "The call was stopped before it had an answer.", { cause: outer?.reason }),
    );

  let timer: ReturnType<typeof setTimeout> | undefined;
  if (outer?.aborted) {
    onAbort();
  } else {
    outer?.addEventListener("abort", onAbort, { once: true });
    if (timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY) {
      timer = setTimeout(() => {
        const seconds = Math.round(timeoutMs / 100) / 10;
        end(
          new HandoffError("timeout", `The server did not answer within ${seconds} s.`, {
            retryable: true,
            help: "Try again. If it stays slow, ask whoever runs the server.",
          }),
        );
      }, timeoutMs);
    }
  }

  return {
    signal: controller.signal,
    race: (work) => {
      // When the deadline wins, the work still ends some day, and its failure is nobody's.
      work.catch(() => {});
      return Promise.race([ended, work]);
    },
    check: () => {
      if (failure !== undefined) throw failure;
    },
    abandon: () => controller.abort(),
    dispose: () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", onAbort);
    },
  };
}

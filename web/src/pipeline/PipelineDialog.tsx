import { useEffect, useId, useReducer, useRef } from "react";
import { type GenieSpace, inspectContext, toHandoffError } from "../api";
import type { Session } from "../conversations/Messages";
import { strings } from "../strings";
import { pipelineWords } from "../strings/pipeline";
import { useAnnounce } from "../ui/Announcer";
import { Icon } from "../ui/Icon";
import { SafeText } from "../ui/SafeText";
import { Waiting } from "../ui/Waiting";
import { contextOfSpace } from "./context";
import { readDraft, writeDraft } from "./draft";
import { IntentField } from "./IntentField";
import { LinkMade } from "./LinkMade";
import { makeOwnLink, requestLink } from "./make";
import { Refused } from "./Refused";
import { intentFindings, reducePipeline, startPipeline } from "./state";
import { Travels } from "./Travels";

interface Props {
  readonly space: GenieSpace;
  /** What the block is called. */
  readonly title: string;
  /** The part of a conversation that it comes from. */
  readonly session?: Session;
  /** A link is there. */
  readonly onMade: (url: string) => void;
  readonly onClose: () => void;
  /** Opens the field for the access token. */
  readonly onToken: () => void;
}

/** Quiet time after the last key before the words are looked at, in milliseconds. */
const inspectAfter = 200;

/**
 * From a space and an intent to a link. In the browser's own modal dialog: it keeps the focus in and gives it back.
 * Nothing is sent before somebody asks for the link.
 */
export function PipelineDialog({ space, title, session, onMade, onClose, onToken }: Props) {
  const [state, dispatch] = useReducer(reducePipeline, space.space_id, (id) =>
    startPipeline(session?.intent ?? readDraft(id)),
  );
  const dialog = useRef<HTMLDialogElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const running = useRef<AbortController>(undefined);
  const heading = useId();
  const announce = useAnnounce();
  const words = pipelineWords;
  const { intent, step } = state;

  useEffect(() => {
    dialog.current?.showModal();
    field.current?.focus();
    return () => running.current?.abort();
  }, []);
  useEffect(() => {
    if (!session) writeDraft(space.space_id, intent);
  }, [space.space_id, session, intent]);
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => {
      inspectContext(contextOfSpace(space, intent, new Date(), session)).then(
        (inspection) => current && dispatch({ type: "seen", intent, inspection }),
        (cause: unknown) => current && dispatch({ type: "unseen", error: toHandoffError(cause) }),
      );
    }, inspectAfter);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [space, intent, session]);

  const make = async (own: boolean) => {
    if (intent.trim() === "") {
      dispatch({ type: "missing" });
      field.current?.focus();
      return;
    }
    running.current?.abort();
    const controller = new AbortController();
    running.current = controller;
    dispatch({ type: "make", at: Date.now() });
    try {
      const link = own
        ? await makeOwnLink(space, intent, "chosen", new Date(), session)
        : await requestLink(space, intent, controller.signal, () => new Date(), session);
      if (controller.signal.aborted) return;
      dispatch({ type: "made", link });
      onMade(link.url);
      announce(words.madeAloud(link.length));
    } catch (cause) {
      if (controller.signal.aborted) return;
      dispatch({ type: "refused", error: toHandoffError(cause) });
    }
  };
  const stop = () => {
    running.current?.abort();
    dispatch({ type: "edit" });
  };
  const edit = () => {
    dispatch({ type: "edit" });
    // The field is back once React has drawn it.
    requestAnimationFrame(() => field.current?.focus());
  };

  const findings = intentFindings(state);
  return (
    <dialog
      ref={dialog}
      className="dialog pipeline"
      aria-labelledby={heading}
      data-testid="pipeline"
      data-step={step.kind}
      onClose={onClose}
    >
      <div className="dialog-head">
        <h2 id={heading}>{step.kind === "made" ? words.madeTitle : words.title}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label={strings.close}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      <p className="pipeline-space">
        <SafeText text={title} />
      </p>
      {step.kind === "made" ? (
        <LinkMade link={step.link} onEdit={edit} />
      ) : (
        <form
          className="pipeline-form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            void make(false);
          }}
        >
          <p className="quiet">{words.about}</p>
          <IntentField
            field={field}
            intent={intent}
            missing={state.intentMissing}
            findings={findings}
            onChange={(text) => dispatch({ type: "write", intent: text })}
          />
          <Travels space={space} session={session} seen={state.seen?.inspection} unseen={state.unseen} />
          {step.kind === "refused" && (
            <Refused error={step.error} onOwn={() => void make(true)} onToken={onToken} />
          )}
          {step.kind === "making" && <Waiting step={words.making} since={step.since} onStop={stop} />}
          <div className="row end">
            <button type="button" className="button" onClick={() => dialog.current?.close()}>
              {words.cancel}
            </button>
            <button
              type="submit"
              className="button primary"
              data-testid="pipeline-make"
              aria-disabled={step.kind === "making" || undefined}
              onClick={(event) => step.kind === "making" && event.preventDefault()}
            >
              {step.kind === "refused"
                ? strings.common.retry
                : findings.length > 0
                  ? words.makeAnyway
                  : words.make}
            </button>
          </div>
        </form>
      )}
    </dialog>
  );
}

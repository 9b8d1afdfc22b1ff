import { type ReactNode, useEffect, useId, useRef } from "react";
import { strings } from "../strings";
import { Icon } from "./Icon";

interface Props {
  readonly title: string;
  readonly children: ReactNode;
  /** What the button says that does it. */
  readonly confirm: string;
  readonly cancel: string;
  /** Whether it takes something away. */
  readonly destructive?: boolean;
  /** Not yet, or being done. */
  readonly waiting?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something happens outside of this page. The focus starts on the way out. */
export function ConfirmDialog(props: Props) {
  const {
    title,
    children,
    confirm,
    cancel,
    destructive = false,
    waiting = false,
    onConfirm,
    onClose,
  } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const out = useRef<HTMLButtonElement>(null);
  const heading = useId();
  useEffect(() => {
    dialog.current?.showModal();
    out.current?.focus();
  }, []);
  const close = () => dialog.current?.close();
  return (
    <dialog
      ref={dialog}
      className="dialog confirm"
      aria-labelledby={heading}
      data-testid="confirm"
      onClose={onClose}
    >
      <div className="dialog-head">
        <h2 id={heading}>{title}</h2>
        <button type="button" className="icon-button" aria-label={strings.close} onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <div className="confirm-body">{children}</div>
      <div className="row end">
        <button ref={out} type="button" className="button" data-testid="confirm-cancel" onClick={close}>
          {cancel}
        </button>
        <button
          type="button"
          className={destructive ? "button danger-button" : "button primary"}
          data-testid="confirm-do"
          aria-disabled={waiting || undefined}
          onClick={() => !waiting && onConfirm()}
        >
          {confirm}
        </button>
      </div>
    </dialog>
  );
}

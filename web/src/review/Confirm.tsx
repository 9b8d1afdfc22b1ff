import { useEffect, useRef } from "react";
import { useMe } from "../shell/me";
import { answers } from "../strings/answers";
import { CopyButton } from "../ui/CopyButton";
import { SafeText } from "../ui/SafeText";
import { type EffectProps, Effects } from "./Effects";
import { textAt } from "./pointer";
import { IdentityWords } from "./Summary";

interface ConfirmProps extends EffectProps {
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}

/** The last look before a deployment. */
export function Confirm({ state, checked, details, onClose, onConfirm }: ConfirmProps) {
  const words = answers.deploy;
  const me = useMe();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const record = state.saved?.record;
  return (
    <dialog
      ref={dialog}
      className="dialog"
      aria-labelledby="confirm-deploy"
      onClose={onClose}
      data-testid="confirm-deploy"
    >
      <div className="dialog-head">
        <h2 id="confirm-deploy">
          <SafeText text={words.confirmTitle(textAt(checked.plan, "/plan_metadata/plan_name"))} />
        </h2>
      </div>
      <p>
        <IdentityWords me={me} />
      </p>
      <Effects state={state} checked={checked} details={details} />
      {record && (
        <p className="quiet row plan-hash">
          {words.hash} <code>{record.plan_hash}</code>
          <CopyButton text={record.plan_hash} label={words.hash} />
        </p>
      )}
      <div className="row end">
        <button type="button" className="button" onClick={() => dialog.current?.close()}>
          {words.cancel}
        </button>
        <button
          type="button"
          className="button primary"
          data-testid="confirm"
          onClick={() => {
            dialog.current?.close();
            onConfirm();
          }}
        >
          {words.confirm}
        </button>
      </div>
    </dialog>
  );
}

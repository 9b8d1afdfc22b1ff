import { useEffect, useRef } from "react";
import { strings } from "../strings";
import { canvasWords } from "../strings/canvas";
import { Icon } from "../ui/Icon";

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly singleKeys: boolean;
  readonly onSingleKeys: (on: boolean) => void;
}

/** The list of keys, in the browser's own modal dialog: it keeps the focus in and gives it back. */
export function ShortcutsDialog({ open, onClose, singleKeys, onSingleKeys }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  const words = canvasWords.shortcuts;
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby="shortcuts-title" onClose={onClose}>
      <div className="dialog-head">
        <h2 id="shortcuts-title">{words.title}</h2>
        <button
          type="button"
          className="icon-button"
          aria-label={strings.close}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      <p className="quiet">{words.about}</p>
      <table className="shortcuts">
        <tbody>
          {words.rows.map(([what, keys]) => (
            <tr key={what}>
              <th scope="row">{what}</th>
              <td>{keys}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label className="check">
        <input
          type="checkbox"
          checked={singleKeys}
          onChange={(event) => onSingleKeys(event.target.checked)}
        />
        {words.singleKeys}
      </label>
    </dialog>
  );
}

import { useEffect, useState } from "react";
import { strings } from "../strings";
import { useAnnounce } from "./Announcer";
import { Icon } from "./Icon";

interface Props {
  /** Exactly what is copied. */
  readonly text: string;
  /** The accessible name, which says what is copied. */
  readonly label: string;
}

/** Copies a text and says so, with a tick and aloud. */
export function CopyButton({ text, label }: Props) {
  const announce = useAnnounce();
  const [copied, setCopied] = useState(false);

  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    const done = await copyText(text);
    setCopied(done);
    announce(done ? strings.copy.done : strings.copy.failed);
  };

  return (
    <button
      type="button"
      className="icon-button small"
      data-copied={copied || undefined}
      aria-label={label}
      title={copied ? strings.copy.done : label}
      onClick={copy}
    >
      <Icon name={copied ? "check" : "copy"} size={16} />
    </button>
  );
}

/**
 * Copies without asking for a permission: through the clipboard where it is allowed, else through a selection. `field`
 * is a field that holds exactly this text; without one, a field is made for the moment.
 */
export async function copyText(text: string, field?: HTMLTextAreaElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return field ? copySelected(field) : copyBySelection(text);
  }
}

function copySelected(field: HTMLTextAreaElement): boolean {
  const before = document.activeElement;
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    if (before instanceof HTMLElement) before.focus();
  }
}

function copyBySelection(text: string): boolean {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    if (before instanceof HTMLElement) before.focus();
  }
}

/** Icons of the other pages, and their marks. */
import { drawn, type IconName, paths } from "./Icon";

const more = {
  bin: "M4 5.500h12M8 5.500V3.500h4v2M5.500 5.500l.8 11h7.400l.8-11M8.500 8.500v5M11.500 8.500v5",
  swap: "M4 7h11.500M12.500 4l3 3-3 3M16 13H4.500M7.500 10l-3 3 3 3",
  retry: "M16 10a6 6 0 1 1-1.800-4.300M16 3.500v3.500h-3.500",
  fit: "M3.500 7V3.500H7M13 3.500h3.500V7M16.500 13v3.500H13M7 16.500H3.500V13M7.500 7.500h5v5h-5z",
  list: "M7.500 5.500h9M7.500 10h9M7.500 14.500h9M3.500 5.500h.1M3.500 10h.1M3.500 14.500h.1",
  keyboard:
    "M2.500 5.500h15v9h-15zM5.500 8.500h.1M8.500 8.500h.1M11.500 8.500h.1M14.500 8.500h.1M6.500 11.500h7",
  move: "M10 2.500v15M2.500 10h15M7.500 5 10 2.500 12.500 5M7.500 15l2.500 2.500 2.500-2.500M5 7.500 2.500 10 5 12.500M15 7.500l2.500 2.500-2.500 2.500",
  up: "M10 16V4M5 9l5-5 5 5",
  right: "M4 10h12M11 5l5 5-5 5",
  search: "M8.500 14a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11ZM12.500 12.500l4 4",
  link: "M8.500 11.500a3 3 0 0 0 4.300 0l2.800-2.800a3 3 0 0 0-4.300-4.300l-1 1M11.500 8.500a3 3 0 0 0-4.300 0l-2.800 2.800a3 3 0 0 0 4.300 4.300l1-1",
  pause: "M7 4.500v11M13 4.500v11",
  play: "M6.500 4.500v11l9-5.500Z",
  stop: "M5.500 5.500h9v9h-9z",
} as const;

/** The names of all icons. */
export type AnyIconName = IconName | keyof typeof more;

const all: Readonly<Record<AnyIconName, string>> = { ...paths, ...more };

/** One icon of all, in the colour of the text around it. */
export function MoreIcon({ name, size = 20 }: { readonly name: AnyIconName; readonly size?: number }) {
  return drawn(all[name], size);
}

/** The mark of the SQLPilot block: a table store with a tick on it. */
export function PilotIcon({ size = 24 }: { readonly size?: number }) {
  return (
    <svg className="lamp" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path
        className="lamp-line"
        d="M24 8.500c0 2.200-4 4-9 4s-9-1.800-9-4 4-4 9-4 9 1.800 9 4ZM6 8.500v14.500c0 2.200 4 4 8.500 4M6 15.800c0 2.200 4 4 9 4M24 8.500v5"
      />
      <path className="lamp-line" d="M18.500 23l3.500 3.500 6.500-8" />
    </svg>
  );
}

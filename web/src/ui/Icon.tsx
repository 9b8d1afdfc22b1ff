/** Our own line icons, 20 by 20. Decoration: the control around them carries the name. */

const paths = {
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  undo: "M7.500 4.500 3.500 8.500l4 4M4 8.500h7.500a4.500 4.500 0 0 1 0 9H8",
  redo: "M12.500 4.500l4 4-4 4M16 8.500H8.500a4.500 4.500 0 0 0 0 9H12",
  bin: "M4 5.500h12M8 5.500V3.500h4v2M5.500 5.500l.8 11h7.400l.8-11M8.500 8.500v5M11.500 8.500v5",
  pencil: "M4 16l.7-3.200L13.500 4l2.500 2.500-8.800 8.800L4 16ZM11.500 6l2.500 2.500",
  swap: "M4 7h11.500M12.500 4l3 3-3 3M16 13H4.500M7.500 10l-3 3 3 3",
  copy: "M7.500 7.500h9v9h-9zM12.500 7.500v-4h-9v9h4",
  check: "M4 10.500l4 4 8-9",
  retry: "M16 10a6 6 0 1 1-1.800-4.300M16 3.500v3.500h-3.500",
  fit: "M3.500 7V3.500H7M13 3.500h3.500V7M16.500 13v3.500H13M7 16.500H3.500V13M7.500 7.500h5v5h-5z",
  list: "M7.500 5.500h9M7.500 10h9M7.500 14.500h9M3.500 5.500h.1M3.500 10h.1M3.500 14.500h.1",
  keyboard:
    "M2.500 5.500h15v9h-15zM5.500 8.500h.1M8.500 8.500h.1M11.500 8.500h.1M14.500 8.500h.1M6.500 11.500h7",
  move: "M10 2.500v15M2.500 10h15M7.500 5 10 2.500 12.500 5M7.500 15l2.500 2.500 2.500-2.500M5 7.500 2.500 10 5 12.500M15 7.500l2.500 2.500-2.500 2.500",
  up: "M10 16V4M5 9l5-5 5 5",
  down: "M10 4v12M5 11l5 5 5-5",
  left: "M16 10H4M9 5l-5 5 5 5",
  right: "M4 10h12M11 5l5 5-5 5",
  search: "M8.500 14a5.500 5.500 0 1 0 0-11 5.500 5.500 0 0 0 0 11ZM12.500 12.500l4 4",
  close: "M5 5l10 10M15 5 5 15",
  external: "M8.500 4.500h-5v12h12v-5M11.500 3.500h5v5M16 4l-7.500 7.500",
  warning: "M10 3.500 17.500 16.500h-15L10 3.500ZM10 8v4M10 14.200v.1",
  table: "M3 4.500h14v11H3zM3 8.500h14M8 8.500v7",
  key: "M7 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10.500 10h6.500M14.500 10v3",
  sun: "M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10 2.500v1.500M10 16v1.500M2.500 10H4M16 10h1.500M4.700 4.700l1 1M14.300 14.300l1 1M4.700 15.300l1-1M14.300 5.700l1-1",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4.200l2.800 1.800",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 9v4.500M10 6.500v.1",
  link: "M8.500 11.500a3 3 0 0 0 4.300 0l2.800-2.800a3 3 0 0 0-4.300-4.300l-1 1M11.500 8.500a3 3 0 0 0-4.300 0l-2.800 2.800a3 3 0 0 0 4.300 4.300l1-1",
  person:
    "M10 10a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400ZM3.800 17c.5-3 2.900-4.700 6.200-4.700s5.700 1.700 6.200 4.700",
  pause: "M7 4.500v11M13 4.500v11",
  play: "M6.500 4.500v11l9-5.500Z",
  stop: "M5.500 5.500h9v9h-9z",
} as const;

/** The names of the icons. */
export type IconName = keyof typeof paths;

/** One icon, in the colour of the text around it. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
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

/** The mark of the Genie block, and of the product: an oil lamp with a spark over it. */
export function LampIcon({ size = 24 }: { readonly size?: number }) {
  return (
    <svg className="lamp" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <path className="lamp-line" d="M9.500 17h12.300c3-.4 5-2.300 6.700-5.200" />
      <path
        className="lamp-line"
        d="M9.500 17c.3 4.800 2.700 7.200 6.300 7.200 4 0 6.100-2.300 7.300-5.900"
      />
      <path
        className="lamp-line"
        d="M9.800 20.300c-3.600.7-6.300-.8-6.300-3.200 0-2.300 2.900-3 4.600-1.100M12.300 28h7"
      />
      <path
        className="lamp-spark"
        d="M15.600 3.200c.6 3.100 1.900 4.400 5 5-3.100.6-4.400 1.900-5 5-.6-3.100-1.900-4.400-5-5 3.100-.6 4.400-1.900 5-5Z"
      />
    </svg>
  );
}

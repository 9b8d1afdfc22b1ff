/**
 * Our own line icons, 20 by 20. Decoration: the control around them carries the name. Those that the page of a link does
 * not show are in `./MoreIcon.tsx`.
 */

export const paths = {
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  undo: "M7.500 4.500 3.500 8.500l4 4M4 8.500h7.500a4.500 4.500 0 0 1 0 9H8",
  redo: "M12.500 4.500l4 4-4 4M16 8.500H8.500a4.500 4.500 0 0 0 0 9H12",
  pencil: "M4 16l.7-3.200L13.500 4l2.500 2.500-8.800 8.800L4 16ZM11.500 6l2.500 2.500",
  copy: "M7.500 7.500h9v9h-9zM12.500 7.500v-4h-9v9h4",
  check: "M4 10.500l4 4 8-9",
  down: "M10 4v12M5 11l5 5 5-5",
  left: "M16 10H4M9 5l-5 5 5 5",
  close: "M5 5l10 10M15 5 5 15",
  external: "M8.500 4.500h-5v12h12v-5M11.500 3.500h5v5M16 4l-7.500 7.500",
  warning: "M10 3.500 17.500 16.500h-15L10 3.500ZM10 8v4M10 14.200v.1",
  table: "M3 4.500h14v11H3zM3 8.500h14M8 8.500v7",
  key: "M7 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10.500 10h6.500M14.500 10v3",
  sun: "M10 13.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7ZM10 2.500v1.500M10 16v1.500M2.500 10H4M16 10h1.500M4.700 4.700l1 1M14.300 14.300l1 1M4.700 15.300l1-1M14.300 5.700l1-1",
  clock: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 6v4.200l2.800 1.800",
  info: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM10 9v4.500M10 6.500v.1",
  person:
    "M10 10a3.200 3.200 0 1 0 0-6.400 3.200 3.200 0 0 0 0 6.400ZM3.800 17c.5-3 2.900-4.700 6.200-4.700s5.700 1.700 6.200 4.700",
} as const;

/** The names of the icons. */
export type IconName = keyof typeof paths;

/** One icon, in the colour of the text around it. */
export function Icon({ name, size = 20 }: { readonly name: IconName; readonly size?: number }) {
  return drawn(paths[name], size);
}

/** The lines of an icon. */
export function drawn(path: string, size: number) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={path} />
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

/** The words of the canvas and its blocks. */
import { number, plural } from "../strings";
import { pilot } from "./pilot";

export const canvasWords = {
  skipToCanvas: "Skip to the canvas",

  palette: {
    title: "Blocks",
    genie: "Genie block",
    genieAbout: "Shows what a Genie space works on.",
    pilot: "SQLPilot block",
    pilotAbout: "Takes a link, and leads to the review of its plan.",
    howTo: "Press to add one, or drag it onto the canvas.",
    dropCancelled: "Nothing was added: the block was not released on the canvas.",
  },

  empty: {
    title: "Drop a Genie block here to see what its space works on.",
    button: "Add the first block",
  },

  canvas: {
    label: "Canvas",
    toolbar: "Canvas tools",
    undo: "Undo",
    redo: "Redo",
    delete: "Delete",
    move: "Move",
    moveAbout: "Moves the selected blocks. The arrow keys do the same.",
    moveNothing: "Select a block first.",
    directions: { up: "Move up", left: "Move left", right: "Move right", down: "Move down" },
    shortcuts: "Keyboard shortcuts",
    zoom: "View",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    zoomReset: (percent: number) => `Zoom is ${number(percent)} %. Set it to 100 %`,
    fit: "Show all blocks",
    /** For the history: what a step did. */
    steps: {
      add: "add block",
      move: "move",
      remove: "delete",
      point: "change space",
      rename: "rename",
      connect: "change connection",
      link: "change link",
      adopt: "changes from another tab",
    },
    undoStep: (step: string) => `Undo: ${step}`,
    redoStep: (step: string) => `Redo: ${step}`,
    undone: (step: string) => `Undone: ${step}.`,
    redone: (step: string) => `Redone: ${step}.`,
    added: "Genie block added.",
    removed: (count: number) =>
      `${plural(count, "block", "blocks")} deleted. Undo brings ${count === 1 ? "it" : "them"} back.`,
    moved: (x: number, y: number) => `Moved to ${number(x)}, ${number(y)}.`,
  },

  save: {
    saved: "Saved in this browser",
    saving: "Saving…",
    failed: "Not saved: this browser's storage is full or switched off.",
    conflict: "Not saved: another tab has changed this canvas.",
    blocked: "Not saved: an older canvas that cannot be read is in the way.",
  },

  conflict: {
    title: "Another tab has changed this canvas while you were changing it here.",
    about: "Nothing is lost: the version you do not take stays one undo away.",
    mine: "Keep this tab's version",
    theirs: "Take the other tab's version",
    kept: "This tab's version is kept. Undo shows the other one.",
    taken: "The other tab's version is shown. Undo brings yours back.",
  },

  adopted: "Another tab changed this canvas. This tab shows the change; undo takes it back.",

  unread: {
    newer: "The saved canvas was made by a later version of this page, so this version does not open it.",
    broken: "The saved canvas could not be read.",
    kept: "It is kept unchanged in this browser. You start with an empty canvas.",
    notKept: "It could not be set aside, so nothing will be saved until you have downloaded it.",
    download: "Download it",
    dismiss: "Dismiss",
    replace: "I have it: start saving again",
    fileName: "genie-handoff-canvas.json",
  },

  address: {
    title: "“space” in this page's address is not the id of a space.",
    about: "It is ignored. An id has 32 characters, 0-9 and a-f.",
  },

  list: {
    title: "On this canvas",
    toggle: (count: number) => `List of blocks (${number(count)})`,
    empty: "No blocks yet.",
    count: (count: number) => plural(count, "block", "blocks"),
    remove: (name: string) => `Delete ${name}`,
    states: {
      finding: "Finding a space",
      choosing: "Choosing a space",
      loading: "Reading the space",
      ready: "Ready",
      waiting: "Waiting to try again",
      stopped: "Stopped",
      error: "Not read",
      unlinked: "No link yet",
      opening: "Opening the link",
      linked: "Link opened",
    },
  },

  block: {
    kind: "Genie space",
    untitled: "New Genie block",
    unnamed: "Space without a name",
    idName: (short: string) => `Space ${short}`,
    roledescription: "Genie block",
    rename: "Rename block",
    renameLabel: "Name of the block",
    renameAbout: "Empty: the name of the space",
    renamed: (name: string) => `Renamed to ${name}.`,
    nameCleared: "The block carries the name of its space again.",
    choose: "Choose another space",
    chooseShort: "Choose another",
    remove: "Delete block",
    reload: "Read again",

    finding: "Finding a space in this workspace",
    reading: "Reading the space",
    slow: "Databricks takes its time. The server stops trying after 25 seconds.",
    stoppedTitle: "Stopped before the space was read.",
    stoppedAbout: "Nothing is shown, and nothing was changed.",
    readNow: "Read the space",
    findNow: "Find a space",

    origin: {
      address: "From this page's address",
      recent: "Last chosen on this canvas",
      first: "First space of the workspace",
    },

    noSpacesTitle: "No space to show.",
    noSpacesAbout:
      "The workspace lists no Genie space that this server may see. You can still enter the id of one.",

    ready: (name: string, tables: number) => `${name} is ready: ${plural(tables, "table", "tables")}.`,
    failed: (name: string, why: string) => `${name}: ${why}`,
    description: "Description",
    noDescription: "No description.",
    more: "Show all of it",
    less: "Show less",
    warehouse: "Warehouse",
    noWarehouse: "None set",
    spaceId: "Space id",
    runAs: "Queries run as",
    runAsWords: new Map([
      ["VIEWER", "Whoever asks"],
      ["OWNER", "The owner of the space"],
    ]),
    created: "Created",
    updated: "Updated",
    details: "Details",
    tables: (count: number) => plural(count, "table", "tables"),
    tablesNone: "The space has no tables.",
    tablesUnknown:
      "Databricks does not say which tables: the server's identity may see the space but not edit it.",
    moreTables: (count: number) => `Show ${plural(count, "more table", "more tables")}`,
    fewerTables: "Show fewer",
    unqualified: "No schema named",
    copyTable: (name: string) => `Copy ${name}`,
  },

  chooser: {
    title: "Choose a space",
    label: "Search, or paste an id or a Genie link",
    placeholder: "Name, id or Genie link",
    options: "Spaces",
    cancel: "Cancel",
    loading: "Reading the list of spaces…",
    loadingMore: "Reading more…",
    counts: (shown: number, known: number, more: boolean) =>
      `${number(shown)} of ${more ? "at least " : ""}${plural(known, "space", "spaces")}`,
    known: (known: number, more: boolean) =>
      more ? `The first ${plural(known, "space", "spaces")}` : plural(known, "space", "spaces"),
    narrow: (shown: number) => `The first ${number(shown)} are shown. Type to narrow the list.`,
    none: "No space of that name.",
    noneYet: "No space of that name so far.",
    empty: "The workspace lists no Genie space that this server may see.",
    more: "Read more of the list",
    failed: "The list of spaces could not be read.",
    retry: "Try again",
    useReference: "Use this space",
    current: "now in this block",
    unnamed: "Space without a name",
  },

  pilot,

  errors: {
    nothingDone: "Nothing was read.",
    enterToken: "Enter access token",
    tryNow: "Try now",
    retryAt: (time: string) => `Trying again at ${time}.`,
    retryIn: (seconds: number) => `In ${number(seconds)} s.`,
    stoppedWaiting: "Try again in a while.",

    unauthorised: {
      title: "The server did not let this page in.",
      next: "Enter an access token; the person who runs the server can give you one.",
    },
    forbidden: {
      title: "You may not see this space.",
      next: "Ask its owner for CAN VIEW on it, or choose another space.",
    },
    notFound: {
      title: "There is no such space, or you may not see it.",
      next: "You can also choose another space.",
    },
    notFoundList: {
      title: "The workspace has no list of Genie spaces.",
      next: "Paste the id of a space, or ask whether Genie is switched on in the workspace.",
    },
    invalid: {
      title: "This is not the id of a space.",
      next: "Choose a space from the list, or paste its link.",
    },
    throttled: {
      title: "The workspace is busy.",
      next: "This block waits and tries again by itself; you can leave it.",
    },
    foreignPage: {
      title: "The server lets only its own pages call it.",
      next: "Open this page at the server's own address.",
    },
    notConfigured: {
      title: "The server is not set up correctly.",
      next: "Only the person who runs the server can repair this. Give them the request id.",
    },
    refused: {
      title: "Databricks did not accept the server's own credential.",
      next: "Give the request id to the person who runs the server.",
    },
    upstream: {
      title: "Databricks gave an answer that is no space.",
      next: "Try again. If it stays so, give the request id to the person who runs the server.",
    },
    unreachable: {
      title: "The server cannot reach Databricks.",
      next: "It may be back in a moment: try again.",
    },
    slow: { title: "Databricks was too slow.", next: "Try again; the next attempt is often quick." },
    offline: {
      title: "The server cannot be reached.",
      next: "Check that it runs and that you are online, then try again.",
    },
    other: { title: "The space could not be read.", next: "Try again. If it stays so, pass the details on." },
    otherList: {
      title: "The list of spaces could not be read.",
      next: "Try again, or paste the id of a space.",
    },
  },

  shortcuts: {
    title: "Keyboard shortcuts",
    singleKeys: "Keys without Ctrl or ⌘ (?, +, −, 0, Shift+1) are on",
    about: "They work while the focus is on the canvas, on a block or in the list of blocks.",
    rows: [
      ["Add a block", "Tab to “Genie block”, then Enter"],
      ["Go from block to block", "Tab"],
      ["Select a block", "Enter"],
      ["Move the selected block", "Arrow keys; with Shift in larger steps"],
      ["Rename the focused block", "F2"],
      ["Delete", "Delete or Backspace"],
      ["Undo", "Ctrl+Z, on a Mac ⌘Z"],
      ["Redo", "Ctrl+Shift+Z or Ctrl+Y, on a Mac ⇧⌘Z"],
      ["Show all blocks", "Shift+1"],
      ["Zoom in, out, 100 %", "+  −  0"],
      ["Leave the list of spaces", "Escape"],
      ["This list", "?"],
    ] as readonly (readonly [string, string])[],
  },

  /** What React Flow says to screen readers. */
  flow: {
    nodeDefault:
      "Press Enter or Space to select the block, then the arrow keys to move it, Delete to remove it, F2 to rename it.",
    nodeKeyboardOff: "Press Enter or Space to select the block.",
    nodeMoved: (direction: string, x: number, y: number) =>
      `Moved ${direction} to ${number(x)}, ${number(y)}.`,
    edge: "Connections are made from a block's own menu.",
  },
} as const;

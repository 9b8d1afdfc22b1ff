/**
 * Every word the pages show or say. In one file, so that the tone can be read in one go and the pages
 * can be translated. Say what happened, what was not done and what to do next; name the object.
 */
import { pilot } from "./strings/pilot";

const plural = (count: number, one: string, many: string) => `${number(count)} ${count === 1 ? one : many}`;

/** Made once: making one costs more than a hundred numbers. */
let counts: Intl.NumberFormat | undefined;

/** A count in the reader's own digits and separators. */
export function number(count: number): string {
  counts ??= new Intl.NumberFormat();
  return counts.format(count);
}

export const strings = {
  product: "Genie Handoff",
  skipToCanvas: "Skip to the canvas",
  close: "Close",
  hiddenCharacter: "A character that cannot be seen, or that changes the order of the text",
  andMore: (count: number) => `and ${number(count)} more`,
  severity: { error: "Settle first:", warning: "Check:", info: "Note:" },

  server: {
    checking: "Connecting…",
    live: "Live",
    liveAbout: "This page talks to a Databricks workspace through its server.",
    emulator: "emulator",
    emulatorTitle: "Emulator: nothing here is a real workspace",
    emulatorAbout:
      "The server talks to a stand-in that runs beside it. Spaces, tables and conversations are made up, and nothing you do reaches Databricks.",
    emulatorNext: "To use a workspace, start the server with DATABRICKS_HOST and a credential.",
    open: "Open mode",
    openSentence: "Open mode: anyone on this machine can call the server.",
    openNext: "Set API_TOKENS before the server listens on anything but this machine.",
    down: "Offline",
    downTitle: "The server cannot be reached.",
    downAbout:
      "Your canvas is safe in this browser and can be edited. Spaces cannot be read until the server is back.",
    downChecking: "Checking…",
    retry: "Check again",
    backUp: "The server is back.",
  },

  token: {
    button: "Access token",
    missing: "The server asks for an access token.",
    refused: "The server did not accept this request. Enter an access token, or a newer one.",
    about:
      "Kept for this tab only and forgotten when the tab closes. It is sent to this server and nowhere else.",
    label: "Access token",
    save: "Use token",
    forget: "Forget token",
    saved: "Token in use. Blocks that were refused are read again.",
    forgotten: "Token forgotten.",
    inUse: "A token is in use.",
  },

  theme: { button: "Theme", system: "System", light: "Light", dark: "Dark" },

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
    openInDatabricks: "Open in Databricks",
    opensNewTab: "(opens a new tab)",

    finding: "Finding a space in this workspace",
    reading: "Reading the space",
    slow: "Databricks takes its time. The server stops trying after 25 seconds.",
    elapsed: (seconds: number) => `${number(seconds)} s`,
    stop: "Stop waiting",
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
    copyAllTables: "Copy all table names",
    copyTable: (name: string) => `Copy ${name}`,
    copyWarehouse: "Copy the warehouse id",
    copySpaceId: "Copy the space id",
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
    requestId: "Request id",
    copyRequestId: "Copy the request id",
    retry: "Try again",
    enterToken: "Enter access token",
    tryNow: "Try now",
    retryAt: (time: string) => `Trying again at ${time}.`,
    retryIn: (seconds: number) => `In ${number(seconds)} s.`,
    stoppedWaiting: "Try again in a while.",
    code: "Code",

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

  pipeline: {
    area: "Needed again and again?",
    button: "Create production pipeline",
    title: "Create production pipeline",
    about:
      "This makes a link for the person who builds pipelines. It carries metadata and no data. Nothing is created or run in Databricks.",
    intentLabel: "What should be produced, and how often?",
    intentExample: "Revenue per shop and day, for the sales team, every morning before 7",
    intentAbout: "It goes into the link as you write it.",
    intentMissing: "Say what should be produced.",
    look: "Look at this before you make the link",
    showPlace: "Show",
    travels: "Goes into the link",
    travelsIntent: "Your words above",
    travelsTables: (count: number) => `The names of ${plural(count, "table", "tables")}`,
    travelsNoTables: "No table: the space names none",
    travelsSpace: "The id of the space:",
    travelsWarehouse: "The id of the warehouse:",
    travelsTime: "The time at which the link is made",
    staysHere: "Stays here",
    stays: [
      "Rows and results",
      "Values from queries, such as names, numbers and dates",
      "Conversations",
      "Passwords and access tokens",
    ],
    gapsTitle: "Left empty and flagged; nothing is guessed",
    gaps: new Map([
      ["session_missing", "Which Genie conversation it comes from"],
      ["queries_missing", "The queries of the exploration"],
      ["sample_not_reviewed", "Whether anybody has looked at sample rows"],
      ["columns_unknown", "Which columns matter"],
      ["tables_missing", "The tables: without one no plan can be made"],
      ["not_checked_catalog", "Whether the tables exist in Unity Catalog (not checked)"],
    ]),
    notLooked: "The words could not be looked through.",
    make: "Make the link",
    makeAnyway: "Make the link anyway",
    making: "Making the link",
    cancel: "Cancel",
    refused: "The server made no link.",
    makeOwn: "Make an unsigned link here",
    madeTitle: "The link is ready",
    madeAloud: (length: number) => `The link is ready: ${plural(length, "character", "characters")}.`,
    linkLabel: "Link",
    copy: "Copy link",
    copyByHand: "Copying is not allowed here. The link is selected: press Ctrl+C, on a Mac ⌘C.",
    open: "Open",
    edit: "Change the words",
    length: "Length",
    steps: {
      "2000": (length: number) =>
        `${plural(length, "character", "characters")}: passes mail and chat everywhere`,
      "4000": (length: number) =>
        `${plural(length, "character", "characters")}: passes most mail and chat; the limit of some is 2,000`,
      "8000": (length: number) =>
        `${plural(length, "character", "characters")}: mail and chat may cut it. Try it before you rely on it`,
      over: (length: number) =>
        `${plural(length, "character", "characters")}: mail and chat will cut it. Send it as a file, or hand over fewer tables`,
    },
    signature: "Signature",
    signed: "Signed by this server",
    unsigned: {
      "no-route": "Unsigned: this server makes no links, so the page made it",
      offline: "Unsigned: the server did not answer, so the page made it",
      "no-key": "Unsigned: this server has no key to sign with",
      chosen: "Unsigned: the page made it, not the server",
    },
    who: "Who can read it",
    whoever: "Whoever has the link",
    flagged: (count: number) =>
      `${plural(count, "thing", "things")} to settle ${count === 1 ? "is" : "are"} flagged for whoever opens it.`,
  },

  handoff: {
    title: "Handoff",
    skip: "Skip to the handoff",
    toCanvas: "Canvas",
    serverDown: "A link opens all the same. What needs the server is named as not checked.",
    reading: "Reading the link",
    checking: "Checking the signature",
    retry: "Try again",

    empty: {
      title: "There is no handoff in this address.",
      about: "Open the link exactly as it was sent to you, or paste it here.",
    },
    paste: {
      label: "Paste a link",
      placeholder: "https://…/handoff#context=…",
      open: "Open",
      about: "It is read in this browser and sent nowhere.",
      empty: "Paste a link first.",
    },
    refused: {
      nothingShown: "Nothing of it is shown.",
      /** By code: what it is, and where our words say more to a reader than those of the error, why. */
      codes: new Map<string, readonly [title: string, why?: string]>([
        ["link_damaged", ["The link is damaged.", "A part of it was changed, lost or added on the way."]],
        ["link_malformed", ["The link was not made correctly."]],
        ["link_version_unknown", ["The link was made by a newer version."]],
        ["link_unrecognised", ["This is no handoff link."]],
        ["link_empty", ["The link is empty.", "It names no handoff."]],
        ["handoff_not_found", ["There is no such handoff on this server."]],
        ["too_large", ["The link is too long."]],
        ["json_invalid", ["The link holds no readable handoff."]],
        ["context_invalid", ["The link holds something that is no handoff."]],
      ]),
      other: "The link could not be opened.",
      tampered: "The link was changed after it was signed.",
      tamperedAbout: (host: string) =>
        `It carries a signature of ${host}, and the signature does not fit what the link holds.`,
      tamperedNext: "Do not use it. Ask for the link again, from the person who made it.",
    },
    noCode: {
      title: "The part of this page that reads links could not be loaded.",
      about:
        "That says nothing about the link, which is kept in this tab. Check the connection, then try again.",
      blocked:
        "This browser, or a rule of your organisation, blocks WebAssembly on this page. The link is kept in this tab.",
    },

    unread: {
      title: "The handoff could not be read.",
      about: "The server keeps it, and the address of this page still names it.",
    },

    signature: {
      valid: (host: string) => `Signed by ${host}`,
      validAbout:
        "This server made the link, and it was not changed since. That is no permission: check what it asks for.",
      unsigned: "Unsigned",
      unsignedAbout: "Anybody could have made this link. Ask its sender before you rely on it.",
      expired: "Expired",
      expiredAbout: (host: string) => `It was signed by ${host}, and its time is over. Ask for a new link.`,
      wrong_audience: "Made for another host",
      wrong_audienceAbout: (host: string) =>
        `The signature is right, but it is for ${host}. Open the link there to have it checked.`,
      unknown_key: "Signature not known",
      unknown_keyAbout: (host: string) =>
        `It says that it comes from ${host}. This server does not publish the key, so nobody can tell.`,
      no_keysAbout: (host: string) =>
        `It says that it comes from ${host}. This server publishes no keys, so nobody can tell.`,
      not_checked: "Signature not checked",
      not_checkedAbout:
        "This browser cannot check signatures of this kind (Ed25519). Treat the link as unsigned.",
      unreachableAbout:
        "The server could not be asked for its keys. Treat the link as unsigned until it was checked.",
      checkAgain: "Check again",
      until: "Valid until",
      key: "Key",
    },

    intent: "What is wanted",
    noIntent: "Nobody has said what the pipeline is for.",
    facts: "About this handoff",
    created: "Made",
    by: "Made by",
    createdUnknown: "Not known",
    space: "Genie space",
    session: "Genie session",
    warehouse: "Warehouse",
    target: "Target table",
    none: "Not known",
    explored: "Exploration",
    exploredWords: (queries: number | undefined, sample: boolean | undefined) =>
      [
        queries === undefined ? "number of queries not known" : plural(queries, "query", "queries"),
        sample ? "sample rows were looked at" : "sample rows were not looked at",
      ].join(", "),
    format: "Format",
    formats: {
      primed: "Handoff link, version b",
      plain: "Handoff link, version a",
      "base64-json": "JSON in base64, made by another tool",
      "percent-json": "Percent-encoded JSON, made by another tool",
      json: "JSON, made by another tool",
    },
    tables: (count: number) => plural(count, "table", "tables"),
    noTables: "No table is named.",
    columns: (count: number) => plural(count, "column", "columns"),
    noColumns: "Columns not known",
    primaryKey: "key",
    showAll: (count: number) => `Show all ${number(count)}`,
    queries: (count: number) => plural(count, "exploration query", "exploration queries"),
    queriesAbout:
      "Shown, never run. Values were taken out when the link was made; markers such as :str and :num stand where they were.",
    noQueries: "The link carries no query.",
    query: (index: number) => `Query ${number(index)}`,
    copyQuery: (index: number) => `Copy query ${number(index)}`,
    result: "Result",
    readiness: "Ready for a plan?",
    ready: "Nothing essential is missing.",
    notReady: "Something essential is missing or wrong.",
    stripped: (values: number) =>
      `The link was made by a tool that left ${plural(values, "value", "values")} in its queries. They are taken out here and in the download.`,
    others: "Also in the link",
    othersAbout:
      "This version does not know these keys. They are in the download, as their maker wrote them.",
    personal: "Personal data?",
    download: "Download as JSON",
    fileName: (space: string) => `handoff-${space.slice(0, 8) || "context"}.json`,
    forget: "Close this link",
    forgotten: "The link is closed and forgotten. A plan that was edited stays in this browser.",
    opened: (tables: number) => `The link is open: ${plural(tables, "table", "tables")}.`,
  },

  copy: { done: "Copied", failed: "Copying is not allowed here. Select the text instead." },

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

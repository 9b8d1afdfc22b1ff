/** Words of what opens from the head of every page. */
import type { Me, Role } from "../api/types";

export const panels = {
  emulator: {
    title: "Emulator: nothing here is a real workspace",
    about:
      "The server talks to a stand-in that runs beside it. Spaces, tables and conversations are made up, and nothing you do reaches Databricks.",
    next: "To use a workspace, start the server with DATABRICKS_HOST and a credential.",
  },
  open: {
    next: "Set API_TOKENS before the server listens on anything but this machine.",
  },
  token: {
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
  theme: { system: "System", light: "Light", dark: "Dark" },
  me: {
    you: "You are",
    kinds: {
      open: "Open mode: the server lets in whoever is on this machine.",
      token: "Known by the access token of this tab.",
      access: "Signed in through your organisation (Cloudflare Access).",
      databricks: "Signed in with Databricks.",
    } satisfies Record<Me["kind"], string>,
    may: "You may",
    roles: {
      viewer: "look at plans, runs and the audit",
      author: "write plans and handoffs, and have previews made",
      deployer: "deploy, run, pause and take back",
    } satisfies Record<Role, string>,
    nothing: "Nothing: your account has no role here. Ask the person who runs the server.",
    runAs: "Jobs run as",
    until: (time: string) => `Until ${time}`,
    signOut: "Sign out",
    signingOut: "Signing out…",
    signOutFailed: "You are still signed in: the server could not be asked to sign you out.",
  },
} as const;

/** Words of the frame around every page: where one can go, and who one is. */
import type { Me, Role } from "../api/types";

export const frame = {
  nav: "Pages",
  pages: { canvas: "Canvas", plans: "Plans", audit: "Audit" },

  me: {
    button: (name: string) => `You: ${name}`,
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
    signIn: "Sign in with Databricks",
    signOut: "Sign out",
    signingOut: "Signing out…",
    signOutFailed: "You are still signed in: the server could not be asked to sign you out.",
  },
} as const;

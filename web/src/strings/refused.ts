/** Words for links that are not shown, loaded with the news. */
export const refusedWords = {
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
  unread: {
    title: "The handoff could not be read.",
    about: "The server keeps it, and the address of this page still names it.",
  },
} as const;

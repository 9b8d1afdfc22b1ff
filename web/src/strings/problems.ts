/** Failures of calls about plans, runs and the audit: what happened, what was not done, what to do next. */

interface Words {
  readonly title: string;
  readonly next: string;
}

export const problemWords = {
  codes: new Map<string, Words>([
    [
      "etag_stale",
      {
        title: "Somebody else has changed this plan meanwhile.",
        next: "Reload it and look at what is new before you go on.",
      },
    ],
    [
      "plan_hash_stale",
      {
        title: "This is not the version that you looked at.",
        next: "Nothing was deployed. Reload the plan and look at the newest version.",
      },
    ],
    [
      "plan_is_deployed",
      { title: "The plan still has a job.", next: "Nothing was archived. Take the deployment back first." },
    ],
    [
      "permissions_missing",
      {
        title: "The account that runs the job lacks a permission.",
        next: "Nothing was deployed or run. Give what is missing, then press the button again.",
      },
    ],
    [
      "role_missing",
      { title: "Your role does not allow this.", next: "Ask the person who runs the server for the role." },
    ],
    [
      "second_person_needed",
      {
        title: "Somebody else has to deploy this version.",
        next: "On this server, who wrote a version may not deploy it. Send a colleague the address of this page.",
      },
    ],
    [
      "csrf",
      {
        title: "The server lets only its own pages do this.",
        next: "Open this page at the server's own address.",
      },
    ],
  ]),
  statuses: new Map<number, Words>([
    [401, { title: "The server did not let this page in.", next: "Sign in, or enter an access token." }],
    [403, { title: "You may not do this.", next: "Ask the person who runs the server." }],
    [
      404,
      {
        title: "There is nothing at this address, or you may not see it.",
        next: "It may have been moved or removed.",
      },
    ],
    [409, { title: "Something else has changed it meanwhile.", next: "Reload and look again." }],
    [429, { title: "The server is busy.", next: "Wait a moment, then try again." }],
  ]),
  network: {
    title: "The server cannot be reached.",
    next: "Check that it runs and that you are online, then try again.",
  },
  upstream: {
    title: "Databricks did not answer as it should.",
    next: "Try again. If it stays so, pass the request id on.",
  },
  other: { title: "That did not work.", next: "Try again. If it stays so, pass the request id on." },
  retry: "Try again",
  retryAt: (seconds: number) => `The server asks to wait ${seconds} s.`,
} as const;

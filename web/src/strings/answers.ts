/** Words about what the server answered to a review, loaded with its answers. */
import { number } from "../strings";

export const answers = {
  counts: {
    stale: "The plan has changed since. These are the counts of the plan before.",
    at: "Counted",
    on: (name: string) => `on ${name}`,
    explain: "EXPLAIN",
    starting: (name: string) => `Starting warehouse ${name}. It takes some minutes.`,
    again: "Count again",
    states: new Map([
      ["ok", "ok"],
      ["failed", "failed"],
      ["not_run", "not run"],
      ["warehouse_starting", "not yet: the warehouse is starting"],
      ["timed_out", "not finished in time"],
    ]),
  },

  permissions: {
    allGranted: "Everything that was checked is granted.",
    granted: (count: number) => `${number(count)} granted`,
  },

  deploy: {
    confirmTitle: (name: string) => `Deploy ${name}?`,
    confirm: "Deploy now",
    cancel: "Cancel",
    hash: "Plan hash",
    openJob: "Open the job in Databricks",
    openRun: "Open the run in Databricks",
    jobId: "Job",
    file_path: "File",
    steps: "Steps",
    differs: "The plan on this page has changed since it was deployed.",
    deployedAs: (version: string) => `Version ${version} is deployed now.`,
  },

  conflict: {
    title: (who: string, version: string) => `${who} saved version ${version} meanwhile.`,
    about: "Nothing of yours was saved over it, and nothing is lost.",
    changes: "What differs, from theirs to yours",
    mine: "Save mine as the next version",
    theirs: "Take theirs",
    theirsStep: "take the saved version",
    taken: "The saved version is shown. Undo brings yours back.",
    none: "The two plans hold the same.",
  },

  runs: {
    title: "Runs",
    cancel: "Cancel the run",
    cancelling: "Cancelling",
    states: new Map([
      ["waiting", "Waiting to start"],
      ["running", "Running"],
      ["cancelling", "Cancelling"],
      ["succeeded", "Succeeded"],
      ["failed", "Failed"],
      ["cancelled", "Cancelled"],
      ["skipped", "Skipped"],
      ["unknown", "Databricks reports a state that this version does not know"],
    ]),
    rows: new Map([
      ["inserted", "inserted"],
      ["updated", "updated"],
      ["deleted", "deleted"],
      ["affected", "written"],
    ]),
    noRows: "Databricks did not say how many rows.",
    safe: "You can close this page; the run goes on.",
    feedback: new Map([
      ["sent", "The result was noted on the Genie message."],
      ["failed", "The result could not be noted on the Genie message."],
      ["pending", "The result will be noted on the Genie message."],
    ]),
    seconds: (seconds: number) => `${number(seconds)} s`,
  },
} as const;

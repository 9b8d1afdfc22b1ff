/** The words about conversations with Genie. */

export const conversations = {
  title: "Conversations",
  untitled: "Conversation without a title",
  none: "The space has no conversation that this server may see.",
  noMessages: "The conversation has no message.",
  noText: "Message without words",
  back: "All conversations",
  reading: "Reading the conversations",
  failed: "The conversations could not be read.",
  retry: "Try again",
  more: "Read more",
  again: "Read again",
  copyRequest: "Copy a request for an admin",
  copyDetails: "Copy the details",
  request: "Genie could not answer me for want of rights. Please give me those that it names:",
  produceNamed: (text: string) => `Create production pipeline from: ${text.slice(0, 80)}`,

  states: {
    reading: "Reading the space",
    writing: "Writing the SQL",
    warehouse: "Waiting for the warehouse to start, usually a few minutes if it was stopped",
    running: "Running the query; the SQL may still change",
    ready: "Answer ready",
    expired: "The rows are gone, the SQL is not",
    busy: "The workspace was busy; ask again",
    permission: (reason: string) =>
      reason === "" ? "You need more rights" : `You need more rights: ${reason}`,
    failed: (reason: string) =>
      reason === "" ? "Genie could not answer" : `Genie could not answer: ${reason}`,
    cancelled: "Stopped before an answer",
    unknown: (status: string) =>
      `Still working; Databricks reports ${status || "no status"}, which this version does not know`,
  },

  travels: {
    conversation: "The id of the conversation:",
    queries: (count: string) => `${count} without their values`,
    struck: "What is struck out stays here.",
    looking: "Taking the values out…",
  },
} as const;

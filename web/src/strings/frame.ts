/** Words of the frame around every page: where one can go, and who one is. */

export const frame = {
  nav: "Pages",
  pages: { canvas: "Canvas", plans: "Plans", audit: "Audit" },

  me: {
    button: (name: string) => `You: ${name}`,
    signIn: "Sign in with Databricks",
  },
} as const;

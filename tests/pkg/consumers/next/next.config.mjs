// A lock file further up would be taken for the top of the project.
export default { turbopack: { root: import.meta.dirname }, outputFileTracingRoot: import.meta.dirname };

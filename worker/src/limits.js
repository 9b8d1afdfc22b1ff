// The platform's limit, asked without the wrapper of the bindings, which brings a serialiser for its one argument.

/** Resolves to `{ success }`. */
export function ask(limiter, key) {
  return limiter.limit({ key });
}

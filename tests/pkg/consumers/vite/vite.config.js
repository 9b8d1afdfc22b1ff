// No plugin is needed. Two pages, so that both ways to load the wasm are tried.
export default { build: { rollupOptions: { input: ["index.html", "plain.html"] } } };

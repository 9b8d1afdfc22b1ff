/** What Vite does for the chunks of a page, made smaller, and what a page must know about its own. */
import type { Plugin, Rollup } from "vite";

/**
 * Loads a chunk once its styles are there. In place of Vite's own loader, which is six times as large: here no script is
 * worth preloading, nothing has a nonce, and a style that could not be loaded is asked for anew the next time.
 */
const loader = `
const asked = {};
const style = (file) => asked[file] ??= new Promise((done, failed) => {
  const href = "/" + file;
  if (!file.endsWith(".css") || document.querySelector(\`link[href="\${href}"]\`)) return done();
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = href;
  link.onload = done;
  link.onerror = () => { delete asked[file]; link.remove(); failed(new Error(href)); };
  document.head.append(link);
});
export const __vitePreload = (load, files = []) => Promise.all(files.map(style)).then(load);
`;

export function chunkLoader(): Plugin {
  return {
    name: "chunk-loader",
    apply: "build",
    enforce: "pre",
    load: { filter: { id: /^\0vite\/preload-helper\.js$/ }, handler: () => loader },
  };
}

/**
 * Writes into a page which files it may ever load, so that it can have all of them kept for the time without a network:
 * `<meta name="files" content="/assets/… /assets/…">`.
 */
export function filesOfPage(page: string): Plugin {
  return {
    name: "files-of-page",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_, { path, bundle, chunk }) {
        if (path !== page || !bundle || !chunk) return [];
        const content = [...filesOf(chunk, bundle)].map((file) => `/${file}`).join(" ");
        return [{ tag: "meta", attrs: { name: "files", content }, injectTo: "head" }];
      },
    },
  };
}

/**
 * Puts what a page shares with any other into one chunk. Left alone, each set of pages that share a module has a chunk of
 * its own: a dozen small files for a page, which weigh more than they spare the other pages.
 */
export function sharedWith(page: string, others: readonly string[]) {
  let own: ReadonlySet<string> | undefined;
  let theirs: ReadonlySet<string> | undefined;
  return (id: string, chunking: Rollup.ChunkingContext): string | null => {
    own ??= modulesOf([page], chunking);
    theirs ??= modulesOf(others, chunking);
    return own.has(id) && theirs.has(id) ? "shared" : null;
  };
}

/** The modules that are loaded at once with one of the pages. */
function modulesOf(pages: readonly string[], chunking: Rollup.ChunkingContext) {
  const modules = new Set<string>();
  const visit = (id: string) => {
    if (modules.has(id)) return;
    const module = chunking.getModuleInfo(id);
    // What is loaded when it is wanted stays out, also where something that no page uses imports it.
    if (!module || module.dynamicImporters.length > 0) return;
    modules.add(id);
    for (const next of module.importedIds) visit(next);
  };
  for (const page of pages) visit(page);
  return modules;
}

/** The chunk and everything that it loads, at once or later. */
function filesOf(first: Rollup.OutputChunk, bundle: Rollup.OutputBundle): Set<string> {
  const files = new Set<string>();
  const visit = (chunk: Rollup.OutputChunk) => {
    if (files.has(chunk.fileName)) return;
    files.add(chunk.fileName);
    for (const file of chunk.viteMetadata?.importedCss ?? []) files.add(file);
    for (const file of chunk.viteMetadata?.importedAssets ?? []) files.add(file);
    for (const file of [...chunk.imports, ...chunk.dynamicImports]) {
      const next = bundle[file];
      if (next?.type === "chunk") visit(next);
    }
  };
  visit(first);
  return files;
}

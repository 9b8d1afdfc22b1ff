/** A WebAssembly module as bytes: its sections, functions and names. */

/** Number, first byte and end of each section's content. */
export function sectionsOf(module) {
  const sections = [];
  for (let at = 8; at < module.length; ) {
    const [size, from] = number(module, at + 1);
    sections.push({ id: module[at], from, to: from + size });
    at = from + size;
  }
  return sections;
}

/** The module with what `change` makes of the content of each section. */
export function withSections(module, change) {
  const parts = sectionsOf(module).map(({ id, from, to }) => {
    const content = change(id, module.subarray(from, to));
    return Buffer.concat([Buffer.from([id]), leb(content.length), content]);
  });
  return Buffer.concat([module.subarray(0, 8), ...parts]);
}

/** The content of the section of elements with other functions in its tables. */
export function elementsOf(content, change) {
  let [count, at] = number(content, 0);
  const parts = [leb(count)];
  for (; count > 0; count -= 1) {
    const start = at;
    // A list of functions for the first table, from a fixed place on: what compilers write for calls by pointer.
    if (content[at] !== 0 || content[at + 1] !== 0x41)
      throw new Error("the module has elements of another kind");
    [, at] = number(content, at + 2);
    let [items, from] = number(content, at + 1);
    parts.push(content.subarray(start, from));
    for (; items > 0; items -= 1) {
      const [item, next] = number(content, from);
      parts.push(leb(change(item)));
      from = next;
    }
    at = from;
  }
  return Buffer.concat(parts);
}

/** The pieces of a module's memory that come with it: the address of each, and its first and last byte in the module. */
export function dataOf(module) {
  const pieces = [];
  for (const { id, from } of sectionsOf(module)) {
    if (id !== 11) continue;
    let [count, at] = number(module, from);
    for (; count > 0; count -= 1) {
      if (module[at] !== 0 || module[at + 1] !== 0x41) throw new Error("the module has data of another kind");
      const [address, end] = number(module, at + 2);
      const [size, start] = number(module, end + 1);
      at = start + size;
      pieces.push({ address, from: start, to: at });
    }
  }
  return pieces;
}

/** How many functions a module imports, and the bodies of its own. */
export function functionsOf(module) {
  let imported = 0;
  const bodies = [];
  for (const { id, from } of sectionsOf(module)) {
    if (id !== 2 && id !== 10) continue;
    let [count, at] = number(module, from);
    for (; count > 0; count -= 1) {
      if (id === 10) {
        const [size, start] = number(module, at);
        at = start + size;
        bodies.push(module.subarray(start, at));
      } else {
        for (let part = 0; part < 2; part += 1) [, at] = read(module, at);
        if (module[at] !== 0) throw new Error("the module imports more than functions");
        [, at] = number(module, at + 1);
        imported += 1;
      }
    }
  }
  return { imported, bodies };
}

/** The names of functions by their number, as the name section has them. */
export function namesOf(module) {
  const names = [];
  for (const { id, from, to } of sectionsOf(module)) {
    if (id !== 0) continue;
    let [section, at] = read(module, from);
    while (section === "name" && at < to) {
      const kind = module[at];
      let [size, start] = number(module, at + 1);
      at = start + size;
      if (kind !== 1) continue;
      [size, start] = number(module, start);
      for (; size > 0; size -= 1) {
        const [n, name] = number(module, start);
        [names[n], start] = read(module, name);
      }
    }
  }
  return names;
}

/** A text with its length before it: the text and the place behind it. */
function read(bytes, from) {
  const [size, start] = number(bytes, from);
  return [bytes.toString("utf8", start, start + size), start + size];
}

/** A LEB128 number: its value and the place behind it. */
function number(bytes, from) {
  let [value, shift, at, byte] = [0, 0, from, 0];
  do {
    byte = bytes[at];
    at += 1;
    value += (byte & 0x7f) * 2 ** shift;
    shift += 7;
  } while (byte & 0x80);
  return [value, at];
}

export function leb(value) {
  const bytes = [];
  let rest = value;
  do {
    bytes.push(rest > 0x7f ? (rest & 0x7f) | 0x80 : rest);
    rest = Math.floor(rest / 0x80);
  } while (rest > 0);
  return Buffer.from(bytes);
}

export function text(value) {
  const bytes = Buffer.from(value);
  return Buffer.concat([leb(bytes.length), bytes]);
}

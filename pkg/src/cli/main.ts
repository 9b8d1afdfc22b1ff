/** `genie-handoff COMMAND`: what the package does, for shells and scripts. */
import { parseArgs } from "node:util";
import { HandoffError } from "../errors.js";
import { version } from "../functions.js";
import { type Answer, COMMANDS, type Command, UsageError, type Values } from "./commands.js";
import { readInput, startWasm, write, writeFiles } from "./io.js";
import { indented } from "./json-text.js";
import { errorText, findingsText } from "./print.js";

const OK = 0;
const INVALID = 1;
const USAGE = 2;

/** Errors about an option and not about the input. */
const OPTION_CODES = new Set(["option_invalid", "base_invalid", "sql_run_time_offset", "sql_run_time_range"]);

const COMMON = {
  json: { help: "JSON in place of text, on standard output and for problems on standard error" },
  quiet: { help: "no warnings, no reasons" },
  help: { help: "this text" },
};

/** Runs a command line and gives the exit code: 0 fine, 1 the input is invalid, 2 the command line is. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(args);
  } catch (error) {
    const usage = error instanceof UsageError;
    if (!usage && !HandoffError.is(error)) throw error;
    const problem = usage
      ? new HandoffError("usage", error.message, { help: hint(args) })
      : named(error, args);
    const json = args.includes("--json");
    await write(process.stderr, json ? `${JSON.stringify(machine(problem))}\n` : errorText(problem));
    return usage || OPTION_CODES.has(problem.code) ? USAGE : INVALID;
  }
}

async function run([name = "", ...rest]: readonly string[]): Promise<number> {
  if (name === "--version" || name === "-V") {
    startWasm();
    await write(process.stdout, `${version()}\n`);
    return OK;
  }
  if (name === "--help" || name === "-h" || name === "help") {
    const topic = rest.find((word) => !word.startsWith("-"));
    await write(process.stdout, topic === undefined ? overview() : commandHelp(topic, commandOf(topic)));
    return OK;
  }
  const command = commandOf(name);
  const { values, files } = parse(command, rest);
  if (values.help) {
    await write(process.stdout, commandHelp(name, command));
    return OK;
  }
  const inputs: string[] = [];
  for (const file of filesOf(command, files)) {
    inputs.push(command.isInput?.(file) ? file : await readInput(file));
  }
  startWasm();
  return give(command.run(inputs, values), values);
}

async function give(
  { text, json, notes = [], beside = "", refused, files }: Answer,
  values: Values,
): Promise<number> {
  if (files) await writeFiles(files);
  const out = values.json ? indented(json) : text;
  // The problem first: whoever reads only the start of standard output must not miss it.
  if (refused) {
    const problem = values.json ? `${JSON.stringify(machine(refused))}\n` : errorText(refused);
    await write(process.stderr, problem);
  } else if (!values.json && !values.quiet && beside + findingsText(notes) !== "") {
    await write(process.stderr, beside + findingsText(notes));
  }
  if (out !== "") await write(process.stdout, `${out}\n`);
  return refused ? INVALID : OK;
}

function commandOf(name: string): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command;
  if (name === "") throw new UsageError("A command is missing.");
  throw new UsageError(`There is no command ${name}.`);
}

function parse(command: Command, args: readonly string[]): { values: Values; files: string[] } {
  const specs = Object.entries({ ...command.options, ...COMMON });
  const options = Object.fromEntries(
    specs.map(([name, spec]) => [
      name,
      { type: "value" in spec ? ("string" as const) : ("boolean" as const) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({
      args: args.map((word) => (word === "-h" ? "--help" : word)),
      options,
      allowPositionals: true,
    });
    return { values: values as Values, files: positionals };
  } catch (error) {
    // Node explains what to do about an odd file name; the first sentence is enough.
    throw new UsageError((error as Error).message.split(". ")[0]?.replace(/\.?$/, ".") ?? "");
  }
}

/** Names of the inputs: a command with one takes standard input when none is named. */
function filesOf({ inputs }: Command, files: readonly string[]): readonly string[] {
  if (files.length === 0 && inputs.length === 1) {
    if (!process.stdin.isTTY) return ["-"];
    throw new UsageError(`Name a file, or give the ${inputs[0]} on standard input.`);
  }
  if (files.length !== inputs.length) {
    throw new UsageError(`This command takes ${inputs.join(" and ")}, and ${files.length} were given.`);
  }
  if (files.filter((file) => file === "-").length > 1) {
    throw new UsageError("Only one input can be standard input.");
  }
  return files;
}

/** An error without what is not known. */
function machine(error: HandoffError): Record<string, unknown> {
  const { code, message, path, help, issues } = error;
  return { code, message, path, help, issues };
}

/** An error about an option names it as it is written here: `runTime` is `--run-time`. */
function named(error: HandoffError, args: readonly string[]): HandoffError {
  const { code, message, path } = error;
  if (!OPTION_CODES.has(code)) return error;
  const option = code === "base_invalid" ? "baseUrl" : (path ?? "");
  const name = option.replaceAll("_", "-").replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return new HandoffError(code, message, { cause: error, path: `--${name}`, help: hint(args) });
}

function hint([name = ""]: readonly string[]): string {
  return Object.hasOwn(COMMANDS, name)
    ? `genie-handoff ${name} --help lists what it takes.`
    : "genie-handoff --help lists the commands.";
}

function overview(): string {
  const commands = Object.entries(COMMANDS).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return `genie-handoff COMMAND [OPTIONS] [FILE]

Links, plans and SQL on the command line. JSON comes from FILE or standard input (-), the result goes to
standard output, problems go to standard error. Nothing leaves this machine.

${commands.join("\n")}

  genie-handoff COMMAND --help    options of a command
  genie-handoff --version

Exit codes: 0 fine, 1 the input is invalid, 2 the command line is.
`;
}

function commandHelp(name: string, { summary, inputs, options }: Command): string {
  const files = inputs.length === 1 ? `[${inputs[0]}]` : inputs.join(" ");
  const lines = Object.entries<{ value?: string; help: string }>({ ...options, ...COMMON }).map(
    ([option, { value, help }]) => `  --${option}${value === undefined ? "" : ` ${value}`}\n      ${help}`,
  );
  const stdin =
    inputs.length === 1 ? `Without ${inputs[0]} it reads standard input.` : "- is standard input.";
  return `genie-handoff ${name} [OPTIONS] ${files}

It ${summary}. ${stdin}

${lines.join("\n")}
`;
}

// @vitest-environment jsdom
import { act, cleanup, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HandoffError } from "genie-handoff";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { SpaceChooser } from "../src/genie/SpaceChooser";
import { canvasWords } from "../src/strings/canvas";

const listSpaces = vi.hoisted(() => vi.fn());
const readSpaceReference = vi.hoisted(() => vi.fn());
vi.mock("../src/api", async (original) => ({
  ...(await original<typeof import("../src/api")>()),
  readSpaceReference,
}));
vi.mock("../src/api/genie", () => ({ client: { listSpaces } }));

const idOf = (n: number) => n.toString(16).padStart(32, "0");
const spaces = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({
    space_id: idOf(from + i),
    display_name: `Space number ${from + i}`,
  }));

/** A workspace with 250 spaces, in pages. */
function pages({ pageSize, pageToken = "0" }: { pageSize: number; pageToken?: string }) {
  const from = Number(pageToken);
  const to = Math.min(from + pageSize, 250);
  return Promise.resolve({ spaces: spaces(from, to), ...(to < 250 && { next_page_token: String(to) }) });
}

const onChoose = vi.fn();
const onCancel = vi.fn();

function open(current?: string) {
  const view = render(<SpaceChooser current={current} onChoose={onChoose} onCancel={onCancel} />);
  return { ...view, user: userEvent.setup(), input: screen.getByRole("combobox") };
}

beforeEach(() => {
  Element.prototype.scrollIntoView = () => {};
  listSpaces.mockImplementation(pages);
});
afterEach(() => {
  cleanup();
  vi.resetAllMocks();
});

it("takes the focus, lists spaces, and marks the present one", async () => {
  const { input } = open(idOf(1));
  expect(document.activeElement).toBe(input);
  const options = await screen.findAllByRole("option");
  expect(options[1]?.getAttribute("aria-selected")).toBe("true");
  expect(options[0]?.getAttribute("aria-selected")).toBe("false");
  expect(screen.getByRole("status").textContent).toBe(canvasWords.chooser.known(100, true));
});

it("points at options while the field keeps the focus, round the ends, and takes one with Enter", async () => {
  const { user, input } = open();
  await screen.findAllByRole("option");
  const active = () => document.getElementById(input.getAttribute("aria-activedescendant") ?? "");
  expect(active()?.dataset.spaceId).toBe(idOf(0));
  await user.keyboard("{ArrowDown}{ArrowDown}{ArrowUp}");
  expect(active()?.dataset.spaceId).toBe(idOf(1));
  await user.keyboard("{PageDown}");
  expect(active()?.dataset.spaceId).toBe(idOf(6));
  await user.keyboard("{PageUp}{PageUp}{ArrowUp}");
  expect(active()?.dataset.spaceId).toBe(idOf(99));
  expect(document.activeElement).toBe(input);
  await user.keyboard("{Enter}");
  expect(onChoose.mock.calls).toEqual([[idOf(99)]]);
});

it("reads further pages by itself until a search has found something", async () => {
  const { user } = open();
  await user.keyboard("number 249");
  await vi.waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  expect(listSpaces.mock.calls.map(([options]) => options.pageToken)).toEqual([undefined, "100", "200"]);
  await user.keyboard("{Enter}");
  expect(onChoose).toHaveBeenCalledWith(idOf(249));
});

it("says that nothing was found only when all of the list was read", async () => {
  const { user } = open();
  await user.keyboard("nothing like it");
  await vi.waitFor(() => expect(screen.getByRole("status").textContent).toBe(canvasWords.chooser.none));
  expect(listSpaces).toHaveBeenCalledTimes(3);
  await user.keyboard("{Enter}");
  expect(onChoose).not.toHaveBeenCalled();
});

it("shows why the list failed, keeps what was read, and reads the failed page again", async () => {
  const { user } = open();
  await screen.findAllByRole("option");
  const busy = new HandoffError("upstream_unreachable", "Away.", { status: 503, requestId: "req-7" });
  listSpaces.mockRejectedValueOnce(busy);
  await user.click(screen.getByTestId("list-more"));
  const alert = await screen.findByRole("alert");
  expect(alert.textContent).toContain(canvasWords.errors.unreachable.title);
  expect(alert.textContent).toContain("req-7");
  expect(screen.getAllByRole("option")).toHaveLength(100);
  await user.click(screen.getByTestId("list-retry"));
  await vi.waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(listSpaces.mock.lastCall?.[0].pageToken).toBe("100");
});

it("takes a pasted link or id without looking into the list", async () => {
  readSpaceReference.mockResolvedValue(idOf(7));
  const { user } = open();
  await user.paste("https://x.cloud.databricks.com/genie/rooms/whatever");
  await vi.waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
  await user.keyboard("{Enter}");
  expect(onChoose).toHaveBeenCalledWith(idOf(7));
});

it("says what is wrong with a pasted link", async () => {
  readSpaceReference.mockRejectedValue(
    new HandoffError("space_reference_x", "No space in it.", { help: "Look." }),
  );
  const { user } = open();
  await user.paste("https://x.example/");
  await vi.waitFor(() => expect(screen.getByRole("status").textContent).toBe("No space in it. Look."));
  expect(screen.queryAllByRole("option")).toHaveLength(0);
});

it("a reading that comes too late does not replace the newer one", async () => {
  let late: (id: string) => void = () => {};
  readSpaceReference.mockReturnValueOnce(new Promise((resolve) => (late = resolve)));
  readSpaceReference.mockResolvedValueOnce(idOf(2));
  const { user, input } = open();
  await user.paste("https://x.example/1");
  await user.clear(input);
  await user.paste("https://x.example/2");
  await vi.waitFor(() => expect(screen.getByRole("option").dataset.spaceId).toBe(idOf(2)));
  await act(async () => late(idOf(1)));
  expect(screen.getByRole("option").dataset.spaceId).toBe(idOf(2));
});

it("Escape leaves it, and leaving ends the call", async () => {
  let signal: AbortSignal | undefined;
  listSpaces.mockImplementation((options) => {
    signal = options.signal;
    return new Promise(() => {});
  });
  const { user, unmount } = open();
  await user.keyboard("{Escape}");
  expect(onCancel).toHaveBeenCalledOnce();
  unmount();
  expect(signal?.aborted).toBe(true);
});

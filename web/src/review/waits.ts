/** What each button waits for, in words; empty: it can be pressed. Pure. */
import { review } from "../strings/review";
import { isSaved, type ReviewState } from "./state";

interface Facts {
  readonly up: boolean;
  readonly valid: boolean;
  readonly answers: number;
  readonly author: boolean;
  readonly deployer: boolean;
}

export interface Waits {
  readonly save: string;
  readonly count: string;
  readonly deploy: string;
  readonly run: string;
}

export function waitsOf(state: ReviewState, { up, valid, answers, author, deployer }: Facts): Waits {
  const words = review.deploy;
  const busy = !["none", "failed"].includes(state.work.kind);
  const basic = busy ? words.waitsWork : up ? "" : words.waitsServer;
  const incomplete = valid ? "" : words.waitsPlan(Math.max(1, answers));
  const unsaved = isSaved(state) ? "" : words.waitsSave;
  const write = author ? "" : words.waitsRole("author");
  const act = deployer ? "" : words.waitsRole("deployer");
  const conflict = state.conflict ? words.waitsConflict : "";
  const nothing = isSaved(state) ? words.waitsChange : "";
  return {
    save: incomplete || basic || write || conflict || nothing,
    count: incomplete || basic || write,
    deploy: incomplete || basic || act || unsaved,
    run: basic || act,
  };
}

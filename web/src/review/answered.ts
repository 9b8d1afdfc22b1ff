/** The parts of `./answers.ts`, loaded when there is something to show, or when somebody is about to ask for it. */
import { later } from "../ui/later";

const load = () => import("./answers");

export const CheckList = later(async () => (await load()).CheckList);
export const Confirm = later(async () => (await load()).Confirm);
export const Conflict = later(async () => (await load()).Conflict);
export const Counted = later(async () => (await load()).Counted);
export const Deployed = later(async () => (await load()).Deployed);
export const Found = later(async () => (await load()).Found);
export const Runs = later(async () => (await load()).Runs);

/** The parts of the page that few links show, loaded when they are shown. */
import { later } from "../ui/later";

export const LinkContent = later(async () => (await import("./LinkContent")).LinkContent);

const load = () => import("./Refused");

export const Refused = later(async () => (await load()).Refused);
export const Tampered = later(async () => (await load()).Tampered);
export const Unread = later(async () => (await load()).Unread);

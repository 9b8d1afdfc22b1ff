/** The parts of `./panels.tsx`, loaded when somebody comes near their buttons. */
import { later } from "../ui/later";

const load = () => import("./panels");

export const Account = later(async () => (await load()).Account);
export const EmulatorAbout = later(async () => (await load()).EmulatorAbout);
export const OpenAbout = later(async () => (await load()).OpenAbout);
export const ThemeChoices = later(async () => (await load()).ThemeChoices);
export const TokenForm = later(async () => (await load()).TokenForm);

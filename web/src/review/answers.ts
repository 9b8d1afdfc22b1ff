/** The parts of a review that show what the server answered, and the last look before a deployment: one chunk. */
import "../styles/dialog.css";
import "../styles/granted.css";
import "../styles/answers.css";

export { CheckList } from "../ui/CheckList";
export { Confirm } from "./Confirm";
export { Conflict } from "./Conflict";
export { Counted } from "./Counted";
export { Deployed } from "./Deployed";
export { Found } from "./Found";
export { Runs } from "./Runs";

/** Imported first, for its effect: takes the link out of the address before anything else happens. */
import { sessionStore } from "../shell/stores";
import { takeLink } from "./address";

takeLink({ location: window.location, history: window.history, store: sessionStore() });

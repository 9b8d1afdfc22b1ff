// What is in the emulator.

export const SPACE = "01f0eca3dc1b1cbc9b65fa58f94c18ad";
/** A conversation of it. */
export const CONVERSATION = "01f0eca4a1c81d3f9e7b2c6d5f8091aa";
/** A well-formed id that no fixture has. */
export const NOBODY = "0123456789abcdef0123456789abcdef";
/** A space that exists and that the server's credential may not see. */
export const HIDDEN = "01f0f2d6b1e4173fa6c58027d9e3b84a";
export const EMULATOR_TOKEN = "emulator-token";

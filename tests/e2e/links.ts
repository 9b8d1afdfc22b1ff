/** Links to open in tests: made by the package, signed and damaged by hand as `docs/link-format.md` says. */
import { generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import { crc32 } from "node:zlib";
import { encodeHandoff, type HandoffContext, init } from "../../pkg/dist/inline.js";

await init();

const golden = path.resolve(import.meta.dirname, "../../crates/handoff/tests/golden/v1");

/** A context of the golden set. */
export function goldenContext(name: string): HandoffContext {
  return JSON.parse(readFileSync(path.join(golden, `${name}.json`), "utf8")) as HandoffContext;
}

/** A context with everything that the page shows. */
export const context: HandoffContext = {
  ...goldenContext("02-bakery-waste"),
  user_intent: "Waste per shop and day, for the shop leads.\nEvery morning before 6.",
  created_at: "2026-11-18T06:30:00Z",
};

export const payloadOf = (given: HandoffContext = context): string => encodeHandoff(given).payload;

const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const { x } = publicKey.export({ format: "jwk" });

/** What a deployment with this key publishes. */
export const published = { keys: [{ kty: "OKP", crv: "Ed25519", kid: "k1", x, use: "sig" }] };

const check36 = (version: string, body: string): string => {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  let bits = (BigInt(crc32(version + body)) << 4n) | BigInt(body.length % 16);
  let text = "";
  for (let i = 0; i < 6; i += 1) {
    text = alphabet.charAt(Number(bits & 63n)) + text;
    bits >>= 6n;
  }
  return text;
};

export interface Claims {
  host: string;
  /** Seconds since 1970. Default: in an hour. */
  expires?: number;
  keyId?: string;
  /** What is carried instead of what was signed. */
  carried?: string;
}

/** A signed payload. */
export function signed(payload: string, claims: Claims): string {
  const { host, expires = Math.floor(Date.now() / 1000) + 3600, keyId = "k1", carried = payload } = claims;
  const text = `genie-handoff link signature v1\n${keyId}\n${expires}\n${host}\n${payload}`;
  const head = [Buffer.from([keyId.length]), Buffer.from(keyId), Buffer.alloc(4), Buffer.from([host.length])];
  head[2]?.writeUInt32BE(expires);
  let bytes = Buffer.concat([...head, Buffer.from(host), sign(null, Buffer.from(text), privateKey)]);
  bytes = Buffer.concat([bytes, Buffer.alloc((3 - (bytes.length % 3)) % 3)]);
  const body = bytes.toString("base64url") + carried;
  return `s${check36("s", body)}${body}`;
}

/** Checking who made a link. A valid signature says where a link comes from; it is never a permission. */
import { HandoffError } from "./errors.js";
import type { HandoffSignature } from "./generated/types.js";

/** A published key of a deployment: a JSON Web Key for Ed25519 (RFC 8037). */
export interface VerificationKey {
  kty: "OKP";
  crv: "Ed25519";
  /** The key's id. */
  kid: string;
  /** The public key, base64url. */
  x: string;
  [key: string]: unknown;
}

/** What is known about a link's signature once it has been checked. */
export type SignatureState =
  | "unsigned"
  | "valid"
  | "expired"
  | "wrong_audience"
  | "tampered"
  | "unknown_key"
  /** This runtime has no Ed25519. */
  | "not_checked";

export interface VerifyOptions {
  /** Keys as published at `/.well-known/genie-handoff.json`. */
  keys: readonly VerificationKey[];
  /** The host that the page runs on, with its port if it has one. Default: the page's own. */
  host?: string;
  /** Now, in milliseconds since 1970. Default: the clock. */
  now?: number;
}

/**
 * Checks a signature of `decodeHandoff`. Never throws for a bad signature: the state says it.
 *
 * @throws {HandoffError} `invalid_argument` when `keys` is no list, or when the host is neither given nor known.
 */
export async function verifyHandoff(
  signature: HandoffSignature,
  { keys, host = globalThis.location?.host, now = Date.now() }: VerifyOptions,
): Promise<SignatureState> {
  if (!Array.isArray(keys)) {
    throw new HandoffError("invalid_argument", "The keys are not a list.", {
      path: "keys",
      help: 'Give the member "keys" of /.well-known/genie-handoff.json.',
    });
  }
  if (signature.state === "unsigned") return "unsigned";
  if (host === undefined) {
    throw new HandoffError("invalid_argument", "The host that the link should be for is missing.", {
      path: "host",
    });
  }
  const { keyId, signed, signature: value, audience, expires } = signature;
  if (signed === undefined || value === undefined || expires === undefined) return "tampered";
  const key = (keys as readonly (VerificationKey | null)[]).find((key) => key?.kid === keyId);
  if (!key) return "unknown_key";
  const bytes = bytesOf(value);
  if (bytes === undefined) return "tampered";
  const fits = await verify(key, bytes, new TextEncoder().encode(signed));
  if (fits === undefined) return "not_checked";
  if (!fits) return "tampered";
  if (audience?.toLowerCase() !== host.toLowerCase()) return "wrong_audience";
  return now / 1000 >= expires ? "expired" : "valid";
}

/** `undefined` where the runtime cannot check it, as browsers before 2025. */
async function verify(
  { kty, crv, x }: VerificationKey,
  signature: Uint8Array<ArrayBuffer>,
  signed: Uint8Array<ArrayBuffer>,
): Promise<boolean | undefined> {
  const subtle = globalThis.crypto?.subtle;
  if (subtle === undefined) return undefined;
  try {
    const key = await subtle.importKey("jwk", { kty, crv, x }, "Ed25519", false, ["verify"]);
    return await subtle.verify("Ed25519", key, signature, signed);
  } catch (cause) {
    if (cause instanceof Error && cause.name === "NotSupportedError") return undefined;
    // A published key that is none fits nothing.
    return false;
  }
}

/** `undefined` for a text that is no base64url: nobody signed that. */
function bytesOf(base64url: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    const text = atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
    return Uint8Array.from(text, (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

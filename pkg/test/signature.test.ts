import { webcrypto } from "node:crypto";
import { crc32 } from "node:zlib";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { HandoffSignature, VerificationKey, VerifyOptions } from "../dist/index.js";
import { decodeHandoff, encodeHandoff, init, verifyHandoff } from "../dist/inline.js";
import { context } from "./fixtures.js";

const HOST = "handoff.example.com:8443";
const NOW = 1_750_000_000;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/**
 * A signed payload as docs/link-format.md has it: version `s`, check value, and a body of key id, expiry, audience and
 * signature before the payload. Written here again, so that both sides of the format are held against each other.
 */
async function signedLink(
  pair: CryptoKeyPair,
  { keyId = "2026-a", expires = NOW + 60, audience = HOST } = {},
) {
  const { payload } = encodeHandoff(context());
  const text = ["genie-handoff link signature v1", keyId, expires, audience, payload].join("\n");
  const signature = await webcrypto.subtle.sign("Ed25519", pair.privateKey, Buffer.from(text));
  const time = Buffer.alloc(4);
  time.writeUInt32BE(expires);
  const head = [[keyId.length], Buffer.from(keyId), time, [audience.length], Buffer.from(audience)];
  const bytes = Buffer.concat([...head.map((part) => Buffer.from(part)), Buffer.from(signature)]);
  const padded = Buffer.concat([bytes, Buffer.alloc((3 - (bytes.length % 3)) % 3)]);
  return sealed(padded.toString("base64url") + payload);
}

/** Version and check value before a body: CRC-32 of both, then the length in four bits. */
function sealed(body: string): string {
  const check = (BigInt(crc32(`s${body}`)) << 4n) | BigInt(body.length & 15);
  const characters = [30n, 24n, 18n, 12n, 6n, 0n].map((shift) => ALPHABET[Number((check >> shift) & 63n)]);
  return `s${characters.join("")}${body}`;
}

async function published(pair: CryptoKeyPair, kid = "2026-a"): Promise<VerificationKey> {
  const { kty, crv, x } = await webcrypto.subtle.exportKey("jwk", pair.publicKey);
  return { kty, crv, x, kid, use: "sig" } as VerificationKey;
}

let pair: CryptoKeyPair;
let other: CryptoKeyPair;
let key: VerificationKey;
let signature: HandoffSignature;

beforeAll(async () => {
  await init();
  const make = () => webcrypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  pair = (await make()) as CryptoKeyPair;
  other = (await make()) as CryptoKeyPair;
  key = await published(pair);
  ({ signature } = decodeHandoff(await signedLink(pair)));
});

const verify = (given: HandoffSignature = signature, more: Partial<VerifyOptions> = {}) =>
  verifyHandoff(given, { keys: [key], host: HOST, now: NOW * 1000, ...more });

describe("a signed link", () => {
  it("opens, and says what its signature claims", async () => {
    const decoded = decodeHandoff(`https://${HOST}/handoff#context=${await signedLink(pair)}`);
    expect(decoded.context).toEqual(encodeHandoff(context()).context);
    expect(decoded.signature).toMatchObject({
      state: "unchecked",
      keyId: "2026-a",
      expires: NOW + 60,
      audience: HOST,
    });
  });

  it("valid, with the right one of several keys, whatever the case of the host", async () => {
    const keys = [await published(other, "2025-z"), key];
    expect(await verify(signature, { keys })).toBe("valid");
    expect(await verify(signature, { host: HOST.toUpperCase() })).toBe("valid");
    expect(await verify(signature, { now: (NOW + 60) * 1000 - 1 })).toBe("valid");
  });

  it("expired, from the second on that it names", async () => {
    expect(await verify(signature, { now: (NOW + 60) * 1000 })).toBe("expired");
    // Without a time it asks the clock.
    expect(await verifyHandoff(signature, { keys: [key], host: HOST })).toBe("expired");
    const { signature: later } = decodeHandoff(await signedLink(pair, { expires: 4_000_000_000 }));
    expect(await verifyHandoff(later, { keys: [key], host: HOST })).toBe("valid");
  });

  it("wrong_audience: made for another host or port", async () => {
    for (const host of ["evil.example", "handoff.example.com", `${HOST}0`]) {
      expect(await verify(signature, { host })).toBe("wrong_audience");
    }
  });

  it("unknown_key", async () => {
    expect(await verify(signature, { keys: [] })).toBe("unknown_key");
    expect(await verify(signature, { keys: [await published(pair, "2026-b")] })).toBe("unknown_key");
    expect(await verify(signature, { keys: [null as never, { ...key, kid: undefined as never }] })).toBe(
      "unknown_key",
    );
  });

  it("tampered: another key of the same id, or anything changed", async () => {
    expect(await verify(signature, { keys: [await published(other)] })).toBe("tampered");
    const link = await signedLink(pair);
    const whole = decodeHandoff(link);
    const states = new Set<string>();
    // Each character of the envelope changed in turn, with a check value that fits again: the audience and the expiry
    // are as protected as the context.
    for (let at = 7; at < link.length; at += 1) {
      const changed = link[at] === "B" ? "C" : "B";
      let made: ReturnType<typeof decodeHandoff>;
      try {
        made = decodeHandoff(sealed(link.slice(7, at) + changed + link.slice(at + 1)));
      } catch {
        states.add("refused");
        continue;
      }
      const state = await verify(made.signature);
      // The bits that fill up the envelope say nothing.
      if (state === "valid") expect(made).toEqual(whole);
      else states.add(state);
    }
    expect([...states].sort()).toEqual(["refused", "tampered", "unknown_key"]);
  });

  it("tampered: signatures that no link can carry", async () => {
    for (const broken of [
      { ...signature, signature: "%" },
      { ...signature, signature: "" },
      { ...signature, signature: `${signature.signature}AAAA` },
      { ...signature, signature: undefined as never },
      { ...signature, signed: undefined as never },
      { ...signature, expires: undefined as never },
    ]) {
      expect(await verify(broken)).toBe("tampered");
    }
  });

  it("tampered: a published key that is none", async () => {
    for (const broken of [
      { ...key, x: "AAAA" },
      { ...key, crv: "P-256" as never },
      { ...key, x: 7 as never },
    ]) {
      expect(await verify(signature, { keys: [broken] })).toBe("tampered");
    }
  });

  it("unsigned", async () => {
    const { signature: none } = decodeHandoff(encodeHandoff(context()).payload);
    expect(none).toEqual({ state: "unsigned" });
    expect(await verify(none)).toBe("unsigned");
  });
});

describe("a runtime", () => {
  it("without Ed25519 does not say what it cannot know", async () => {
    vi.spyOn(globalThis.crypto.subtle, "importKey").mockRejectedValue(
      new DOMException("Unrecognized name.", "NotSupportedError"),
    );
    expect(await verify()).toBe("not_checked");
    // What needs no cryptography is still said.
    expect(await verify(signature, { keys: [] })).toBe("unknown_key");
  });

  it("without WebCrypto: a page without https", async () => {
    vi.stubGlobal("crypto", {});
    expect(await verify()).toBe("not_checked");
  });

  it("without a place of its own needs the host", async () => {
    await expect(verifyHandoff(signature, { keys: [key] })).rejects.toMatchObject({
      code: "invalid_argument",
      path: "host",
    });
    vi.stubGlobal("location", { host: HOST });
    expect(await verifyHandoff(signature, { keys: [key], now: NOW * 1000 })).toBe("valid");
  });

  it("must be given a list of keys", async () => {
    for (const keys of [undefined, null, { keys: [key] }]) {
      await expect(verify(signature, { keys: keys as never })).rejects.toMatchObject({
        code: "invalid_argument",
        path: "keys",
      });
    }
  });
});

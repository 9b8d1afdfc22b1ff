// AES-256-GCM by WebCrypto, as one step. `label` says what a text is for; it is authenticated with it, so that a text
// that was sealed for one purpose, or for one session, does not open as another.

const nonceBytes = 12;
const utf8 = new TextEncoder();

const keyOf = (bytes, use) => crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [use]);
const options = (iv, label) => ({ name: "AES-GCM", iv, additionalData: utf8.encode(label) });

/** A fresh nonce and the ciphertext behind it. */
export async function seal(key, label, text) {
  const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const cipher = await crypto.subtle.encrypt(
    options(iv, label),
    await keyOf(key, "encrypt"),
    utf8.encode(text),
  );
  const sealed = new Uint8Array(nonceBytes + cipher.byteLength);
  sealed.set(iv);
  sealed.set(new Uint8Array(cipher), nonceBytes);
  return sealed;
}

/** The bytes of the text that was sealed; rejects when anything about it is not as it was. */
export async function unseal(key, label, sealed) {
  const cipher = sealed.subarray(nonceBytes);
  const iv = sealed.subarray(0, nonceBytes);
  return new Uint8Array(await crypto.subtle.decrypt(options(iv, label), await keyOf(key, "decrypt"), cipher));
}

/** Random bytes for ids, states and verifiers. */
export function random(length) {
  return crypto.getRandomValues(new Uint8Array(length));
}

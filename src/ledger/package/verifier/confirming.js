// The browser's own cryptography (WebCrypto) as a second judge of every signature that this page accepted. Where a browser has none of
// Ed25519, or the page came over plain HTTP, there is no second judge, and the report says so.

const acceptedSignatures = [];

/** Remembers a signature that was accepted, to be asked about again; a note may be looked at several times. */
function rememberSignature(key, signature, message) {
  acceptedSignatures.push({ key: key.slice(), signature: signature.slice(), message: message.slice() });
}

function forgetSignatures() {
  acceptedSignatures.length = 0;
}

/** How many signatures the browser confirmed, and how many it did not; null where it cannot tell. */
async function confirmedSignatures() {
  const subtle = globalThis.crypto === undefined ? undefined : globalThis.crypto.subtle;
  if (subtle === undefined) return null;
  let confirmed = 0;
  for (const { key, signature, message } of acceptedSignatures) {
    try {
      const imported = await subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
      if (await subtle.verify({ name: "Ed25519" }, imported, signature, message)) confirmed += 1;
    } catch {
      return null; // a browser without Ed25519
    }
  }
  return { confirmed, refused: acceptedSignatures.length - confirmed };
}

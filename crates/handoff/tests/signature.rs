//! Signed links, with a second implementation of Ed25519 in the part of WebCrypto.

// Helpers of tests may stop the test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier};
use handoff::{
    Claims, ContextBuilder, DecodeOptions, EncodeOptions, SignatureState, SignatureToCheck, Verification,
    attach_signature, bytes_to_sign, decode, encode,
};

const NOW: u32 = 1_750_000_000;

fn claims() -> Claims {
    Claims { key_id: "2025-a".to_owned(), expires: NOW + 60, audience: "handoff.example.com:8443".to_owned() }
}

fn payload() -> String {
    let context = ContextBuilder::new("s", "").columns("a.b.c", ["id"]).user_intent("i").build().unwrap();
    encode(&context, &EncodeOptions::default()).unwrap().payload
}

fn signed(claims: &Claims) -> String {
    let key = SigningKey::from_bytes(&[7; 32]);
    let bytes = bytes_to_sign(&payload(), claims).unwrap();
    attach_signature(&payload(), claims, &key.sign(&bytes).to_bytes()).unwrap()
}

fn unchecked(link: &str) -> SignatureToCheck {
    match decode(link, &DecodeOptions::default()).unwrap().signature {
        SignatureState::Unchecked(found) => *found,
        other => panic!("{other:?}"),
    }
}

fn verify(found: &SignatureToCheck, key: &SigningKey) -> Verification {
    match key.verifying_key().verify(&found.signed, &Signature::from_bytes(&found.signature)) {
        Ok(()) => Verification::Fits,
        Err(_) => Verification::DoesNotFit,
    }
}

/// Whoever changes the bytes that only fill the last group also has to make a new check value, which is no secret.
#[test]
fn a_link_with_a_signature_has_one_spelling() {
    let link = signed(&claims());
    let (body, inner) = (link.get(7..).unwrap(), payload());
    let head = body.strip_suffix(inner.as_str()).unwrap();
    assert!(head.ends_with('A'), "these claims leave a byte to fill: {head}");
    for last in "BCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".chars() {
        let body = format!("{}{last}{inner}", head.get(..head.len() - 1).unwrap());
        let crc = crc32(format!("s{body}").as_bytes());
        let check = u64::from(crc) << 4 | (body.len() & 15) as u64;
        let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let check: String =
            (0..6).rev().map(|n| char::from(digits[(check >> (6 * n) & 63) as usize])).collect();
        let error = decode(&format!("s{check}{body}"), &DecodeOptions::default()).unwrap_err();
        assert_eq!(error.code(), "link_malformed", "{last}");
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 })
    })
}

#[test]
fn a_signature_goes_through_every_state() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let found = unchecked(&signed(&claims()));
    let fits = verify(&found, &key);
    let host = "handoff.example.com:8443";
    assert_eq!(found.clone().settle(fits, host, NOW), SignatureState::Valid(claims()));
    assert_eq!(found.clone().settle(fits, host, NOW + 60), SignatureState::Expired(claims()));
    assert_eq!(found.clone().settle(fits, "evil.example", NOW), SignatureState::WrongAudience(claims()));
    assert_eq!(
        found.clone().settle(Verification::NoSuchKey, host, NOW),
        SignatureState::UnknownKey(claims())
    );
    let other = SigningKey::from_bytes(&[8; 32]);
    assert_eq!(found.clone().settle(verify(&found, &other), host, NOW), SignatureState::Tampered);
}

#[test]
fn whatever_is_changed_no_longer_fits() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let signature = unchecked(&signed(&claims())).signature;
    for changed in [
        Claims { key_id: "2025-b".to_owned(), ..claims() },
        Claims { expires: NOW + 61, ..claims() },
        Claims { audience: "evil.example".to_owned(), ..claims() },
    ] {
        let link = attach_signature(&payload(), &changed, &signature).unwrap();
        assert_eq!(verify(&unchecked(&link), &key), Verification::DoesNotFit);
    }
    let context = ContextBuilder::new("s", "").columns("a.b.c", ["other"]).user_intent("i").build().unwrap();
    let other = encode(&context, &EncodeOptions::default()).unwrap().payload;
    let link = attach_signature(&other, &claims(), &signature).unwrap();
    assert_eq!(verify(&unchecked(&link), &key), Verification::DoesNotFit);
}

#[test]
fn the_payload_inside_is_a_link_of_its_own() {
    let link = signed(&claims());
    assert!(link.ends_with(&payload()));
    assert!(link.starts_with('s'));
    assert_eq!(decode(&payload(), &DecodeOptions::default()).unwrap().signature, SignatureState::Unsigned);
    let cut = &link[..link.len() - 3];
    assert_eq!(decode(cut, &DecodeOptions::default()).unwrap_err().code(), "link_damaged");
}

#[test]
fn claims_that_cannot_be_sent_are_named() {
    let bad = Claims { key_id: "a b".to_owned(), expires: 0, audience: "Handoff.example".to_owned() };
    let error = bytes_to_sign(&payload(), &bad).unwrap_err();
    assert_eq!(
        error.issues().iter().map(|i| i.code).collect::<Vec<_>>(),
        ["key_id_malformed", "audience_malformed"]
    );
    assert_eq!(bytes_to_sign(&signed(&claims()), &claims()).unwrap_err().code(), "link_malformed");
    assert_eq!(bytes_to_sign("bAAAAAAx", &claims()).unwrap_err().code(), "link_damaged");
}

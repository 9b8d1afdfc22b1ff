//! Links of every format version, kept for ever. A failure here means that links people have stop working.
//!
//! `UPDATE_GOLDEN=1` writes files for new contexts. It never replaces one that is there.

// Helpers of tests may stop the test.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::string_slice)]

mod support;

use handoff::{
    Claims, DecodeOptions, EncodeOptions, Format, Mode, SignatureState, attach_signature, decode, encode,
};
use support::{contexts, folder};

const CLAIMS: (&str, u32, &str) = ("2025-a", 1_900_000_000, "handoff.example.com");

/// The file, after writing it if it is new and that was asked for.
fn golden(name: &str, content: &str) -> String {
    let path = folder("golden/v1").join(name);
    if !path.exists() && std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, format!("{content}\n")).unwrap();
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
    text.strip_suffix('\n').unwrap().to_owned()
}

#[test]
fn links_made_long_ago_open_and_are_made_the_same_way() {
    for (name, context) in contexts() {
        for (mode, letter, format) in [(Mode::Primed, "b", Format::Primed), (Mode::Plain, "a", Format::Plain)]
        {
            let made = encode(&context, &EncodeOptions { mode }).unwrap();
            let link = golden(&format!("{name}.{letter}.link"), &made.payload);
            let json = golden(&format!("{name}.json"), &made.context.to_json());
            let opened = decode(&link, &DecodeOptions::default()).unwrap();
            assert_eq!(opened.context.to_json(), json, "{name}");
            assert_eq!((opened.format, opened.signature), (format, SignatureState::Unsigned));
            assert_eq!(made.payload, link, "{name}");
            assert!(link.starts_with(letter) && link.ends_with(|c: char| c.is_ascii_alphanumeric()));
        }
    }
}

#[test]
fn a_signed_link_made_long_ago_opens() {
    let (name, context) = contexts().swap_remove(0);
    let made = encode(&context, &EncodeOptions::default()).unwrap();
    let claims = Claims { key_id: CLAIMS.0.to_owned(), expires: CLAIMS.1, audience: CLAIMS.2.to_owned() };
    let signature: [u8; 64] = std::array::from_fn(|i| i as u8);
    let signed = attach_signature(&made.payload, &claims, &signature).unwrap();
    let link = golden(&format!("{name}.s.link"), &signed);
    assert_eq!(signed, link);
    let opened = decode(&link, &DecodeOptions::default()).unwrap();
    assert_eq!(opened.context, made.context);
    let SignatureState::Unchecked(found) = opened.signature else { panic!("{:?}", opened.signature) };
    assert_eq!((found.claims, found.signature), (claims, signature));
}

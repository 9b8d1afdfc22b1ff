#![no_main]
//! Any bytes give a context or an error, and a context that was read can be written and read again.

use handoff::{DecodeOptions, EncodeOptions, Mode, decode, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let options = DecodeOptions::default();
    // As it is, and with a frame that fits, so that the reader behind the check value is reached too.
    let text = String::from_utf8_lossy(bytes);
    let framed = handoff::testing::payload_with_body(bytes);
    for text in [text.as_ref(), &framed] {
        let Ok(opened) = decode(text, &options) else { continue };
        let made = encode(&opened.context, &EncodeOptions { mode: Mode::Plain });
        if let Ok(made) = made {
            let again = decode(&made.payload, &options).expect("what was written can be read");
            assert_eq!(again.context, made.context);
        }
    }
});

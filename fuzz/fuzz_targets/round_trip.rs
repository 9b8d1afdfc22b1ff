#![no_main]
//! Every context comes back from a link as it went in, without its data.

use handoff::{Context, DecodeOptions, EncodeOptions, Mode, decode, encode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(context) = Context::from_json_str(text) else { return };
    for mode in [Mode::Plain, Mode::Primed] {
        let Ok(made) = encode(&context, &EncodeOptions { mode }) else { return };
        let opened = decode(&made.payload, &DecodeOptions::default()).expect("what was written can be read");
        assert_eq!(opened.context, made.context);
        let again = encode(&opened.context, &EncodeOptions { mode }).expect("it was written before");
        assert_eq!(again.payload, made.payload);
    }
});

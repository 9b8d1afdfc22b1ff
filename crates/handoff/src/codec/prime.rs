//! The primed model: what every link of version `b` starts from.

use std::sync::OnceLock;

use mixing::{Coder, Model};

use super::layout::Layout;
use crate::json::Object;

/// The priming contexts of `prime/v1.txt`, coded one after the other by the model itself: reading them is priming.
/// The first byte is their number.
const PRIME: &[u8] = include_bytes!("../../prime/v1.bin");

/// The model after the priming contexts. Takes some milliseconds the first time.
pub(crate) fn primed() -> &'static Model {
    static PRIMED: OnceLock<Model> = OnceLock::new();
    PRIMED.get_or_init(|| {
        let (count, bytes) = PRIME.split_first().unwrap_or((&0, &[]));
        let mut model = Model::new();
        let mut coder = Coder::reader(bytes).priming();
        for _ in 0..*count {
            // The bytes are our own, and a test decodes them all.
            if Layout::new(&mut model, &mut coder).context(&Object::new()).is_err() {
                break;
            }
        }
        model
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::prime_source;

    /// Run with `UPDATE_PRIME=1` to write `prime/v1.bin` anew, before a version is published and never after.
    #[test]
    fn the_primed_model_is_current() {
        let contexts = prime_source::contexts(include_str!("../../prime/v1.txt"));
        let mut model = Model::new();
        let mut coder = Coder::writer().priming();
        for context in &contexts {
            let back = Layout::new(&mut model, &mut coder).context(context.as_object()).unwrap();
            assert_eq!(back, *context.as_object());
        }
        let mut bytes = vec![u8::try_from(contexts.len()).unwrap()];
        bytes.extend(coder.finish());
        if std::env::var_os("UPDATE_PRIME").is_some() {
            std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/prime/v1.bin"), &bytes).unwrap();
            return;
        }
        assert!(bytes == PRIME, "prime/v1.bin is not what prime/v1.txt and the model give");
        assert_eq!(format!("{:?}", primed()), format!("{model:?}"));
        let mut decoder = Coder::reader(&PRIME[1..]).priming();
        let mut model = Model::new();
        for context in &contexts {
            let back = Layout::new(&mut model, &mut decoder).context(&Object::new()).unwrap();
            assert_eq!(back, *context.as_object());
        }
        assert!(decoder.is_done());
    }
}

//! Arithmetic coding of bits and text with a context-mixing model.
//!
//! [`Coder`] turns bits and their probabilities into bytes and back. [`Model`] predicts the bits of texts. Both work
//! in whole numbers only and depend on nothing but their input, so that links made today decode for ever.
//! `docs/link-format.md` specifies every step.

mod model;
mod range;
mod tables;

pub use model::{Class, FLAGS, Model};
pub use range::Coder;

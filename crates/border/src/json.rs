//! Answers, written as JSON text.
//!
//! Own code in place of derived serialisers: those came to a tenth of what a page loads first. [`crosses!`] makes the
//! type, its names and its writer from one list, so that the TypeScript that tests derive from a type is what is written.

use handoff::Value;

/// JSON text that is being written.
#[derive(Debug, Default)]
pub struct Json(String);

impl Json {
    /// The text of one value.
    #[must_use]
    pub fn of(value: &dyn Crosses) -> String {
        let mut out = Self::default();
        value.write(&mut out);
        out.0
    }

    /// Appends what is JSON already.
    #[inline(never)]
    pub fn raw(&mut self, json: &str) {
        self.0.push_str(json);
    }

    /// Begins a member: `snake_case` in Rust is `camelCase` in JavaScript. Names are those of fields, so nothing in them
    /// needs an escape.
    #[inline(never)]
    pub fn name(&mut self, field: &str) {
        self.comma();
        self.0.push('"');
        let mut upper = false;
        for byte in field.bytes() {
            if byte != b'_' {
                self.0.push(char::from(if upper { byte.to_ascii_uppercase() } else { byte }));
            }
            upper = byte == b'_';
        }
        self.raw("\":");
    }

    /// A comma, unless this is the first item or member.
    #[inline(never)]
    fn comma(&mut self) {
        if !self.0.ends_with(['{', '[']) {
            self.0.push(',');
        }
    }

    #[inline(never)]
    fn text(&mut self, text: &str) {
        handoff::write_json_text(text, &mut self.0);
    }
}

/// A value that can be written into an answer.
pub trait Crosses {
    /// Appends the value.
    fn write(&self, out: &mut Json);
}

impl<T: Crosses + ?Sized> Crosses for &T {
    fn write(&self, out: &mut Json) {
        (**self).write(out);
    }
}

impl Crosses for str {
    fn write(&self, out: &mut Json) {
        out.text(self);
    }
}

impl Crosses for String {
    fn write(&self, out: &mut Json) {
        out.text(self);
    }
}

impl Crosses for bool {
    fn write(&self, out: &mut Json) {
        out.raw(if *self { "true" } else { "false" });
    }
}

impl Crosses for i64 {
    fn write(&self, out: &mut Json) {
        if *self < 0 {
            out.raw("-");
        }
        handoff::push_number(&mut out.0, self.unsigned_abs());
    }
}

impl Crosses for usize {
    fn write(&self, out: &mut Json) {
        handoff::push_number(&mut out.0, *self as u64);
    }
}

impl Crosses for f64 {
    fn write(&self, out: &mut Json) {
        out.raw(&self.to_string());
    }
}

impl<T: Crosses> Crosses for Option<T> {
    fn write(&self, out: &mut Json) {
        match self {
            Some(value) => value.write(out),
            None => out.raw("null"),
        }
    }
}

impl<T: Crosses> Crosses for [T] {
    fn write(&self, out: &mut Json) {
        out.raw("[");
        for item in self {
            out.comma();
            item.write(out);
        }
        out.raw("]");
    }
}

impl<T: Crosses> Crosses for Vec<T> {
    fn write(&self, out: &mut Json) {
        self.as_slice().write(out);
    }
}

impl Crosses for Value {
    fn write(&self, out: &mut Json) {
        out.raw(&self.to_json());
    }
}

/// What is JSON already: a context or a plan, put where it belongs and not read again.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a>(pub &'a str);

impl Crosses for Written<'_> {
    fn write(&self, out: &mut Json) {
        out.raw(self.0);
    }
}

/// A list of domain values, each written by a function that makes its twin.
#[derive(Debug, Clone, Copy)]
pub struct Each<'a, T>(pub &'a [T], pub fn(&T, &mut Json));

impl<T> Crosses for Each<'_, T> {
    fn write(&self, out: &mut Json) {
        out.raw("[");
        for item in self.0 {
            out.comma();
            (self.1)(item, out);
        }
        out.raw("]");
    }
}

/// Declares types that cross, with their writers. A member marked `[optional]` is left out while it is `None`; in tests the
/// mark reaches `ts_rs`, which such types derive, so types and texts cannot differ.
#[macro_export]
macro_rules! crosses {
    ($($(#[$meta:meta])* pub struct $name:ident $(<$life:lifetime>)? {
        $($(#[$about:meta])* pub $field:ident $([$optional:ident])? : $type:ty,)*
    })*) => {$(
        $(#[$meta])*
        #[cfg_attr(test, derive(ts_rs::TS), ts(rename_all = "camelCase"))]
        pub struct $name $(<$life>)? {
            $($(#[$about])* $(#[cfg_attr(test, ts($optional))])? pub $field: $type,)*
        }

        impl $(<$life>)? $crate::Crosses for $name $(<$life>)? {
            fn write(&self, out: &mut $crate::Json) {
                out.raw("{");
                $($crate::crosses!(@ $($optional)? self.$field, stringify!($field), out);)*
                out.raw("}");
            }
        }
    )*};
    (@ optional $value:expr, $name:expr, $out:ident) => {
        if let Some(value) = &$value {
            $out.name($name);
            $crate::Crosses::write(value, $out);
        }
    };
    (@ $value:expr, $name:expr, $out:ident) => {
        $out.name($name);
        $crate::Crosses::write(&$value, $out);
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pair;

    impl Crosses for Pair {
        fn write(&self, out: &mut Json) {
            out.raw("{");
            out.name("long_name_of_it");
            Written("{}").write(out);
            out.name("list");
            [Some("a{"), None].as_slice().write(out);
            out.raw("}");
        }
    }

    #[test]
    fn commas_stand_between() {
        assert_eq!(Json::of(&vec![Pair, Pair]), {
            let one = r#"{"longNameOfIt":{},"list":["a{",null]}"#;
            format!("[{one},{one}]")
        });
        assert_eq!(Json::of(&Vec::<i64>::new()), "[]");
        assert_eq!(Json::of(&Each(&[true, false], |flag, out| flag.write(out))), "[true,false]");
        assert_eq!(Json::of(&-0.25), "-0.25");
    }
}

//! Reads the contract's types out of JSON.
//!
//! `serde_json` reads the text into a [`Tree`]; the types are read out of the tree here. `serde_json` could do both at once,
//! but would have each type read from the text, from lists in place of objects and with an error for every case, which
//! doubles what the types weigh in the web view.
//!
//! Understands what the contract writes: objects, lists, texts, whole numbers, yes and no, `null`, and choices that are a text or
//! carry their name inside (`tag`).

mod tree;

use std::fmt;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::forward_to_deserialize_any;

use self::tree::Tree;

/// The text is no JSON, or not of the type that is wanted.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

/// Reads a value of the contract out of its JSON.
///
/// # Errors
/// [`Unreadable`].
pub(super) fn from_json<T: DeserializeOwned>(json: &str) -> Result<T, Unreadable> {
    T::deserialize(Node(&Tree::read(json)?))
}

/// What stands at one place of the tree.
#[derive(Clone, Copy)]
struct Node<'a>(&'a Tree);

type Text<'a> = BorrowedStrDeserializer<'a, Unreadable>;

impl<'a> Node<'a> {
    fn number(self) -> Result<i64, Unreadable> {
        match self.0 {
            Tree::Number(number) => i64::try_from(*number).map_err(|_| Unreadable),
            _ => Err(Unreadable),
        }
    }

    fn text(self) -> Result<&'a str, Unreadable> {
        match self.0 {
            Tree::Text(text) => Ok(text),
            _ => Err(Unreadable),
        }
    }

    fn items(self) -> Result<Items<'a>, Unreadable> {
        match self.0 {
            Tree::List(items) => Ok(Items(items.iter())),
            _ => Err(Unreadable),
        }
    }

    fn fields(self) -> Result<Fields<'a>, Unreadable> {
        match self.0 {
            Tree::Object(fields) => Ok(Fields(fields.iter(), &Tree::Nothing)),
            _ => Err(Unreadable),
        }
    }
}

macro_rules! numbers {
    ($($method:ident),+) => {
        $(fn $method<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
            visitor.visit_i64(self.number()?)
        })+
    };
}

impl<'a> Deserializer<'a> for Node<'a> {
    type Error = Unreadable;

    /// For choices that carry their name inside, which keep what they read before it.
    fn deserialize_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Tree::Nothing => visitor.visit_unit(),
            Tree::Flag(is_so) => visitor.visit_bool(*is_so),
            Tree::Number(_) => self.deserialize_i64(visitor),
            Tree::Text(text) => visitor.visit_borrowed_str(text),
            Tree::List(_) => visitor.visit_seq(self.items()?),
            Tree::Object(_) => visitor.visit_map(self.fields()?),
        }
    }

    fn deserialize_bool<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Tree::Flag(is_so) => visitor.visit_bool(*is_so),
            _ => Err(Unreadable),
        }
    }

    numbers!(deserialize_i8, deserialize_i16, deserialize_i32, deserialize_i64);
    numbers!(deserialize_u8, deserialize_u16, deserialize_u32);

    fn deserialize_u64<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Tree::Number(number) => visitor.visit_u64(u64::try_from(*number).map_err(|_| Unreadable)?),
            _ => Err(Unreadable),
        }
    }

    fn deserialize_string<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_borrowed_str(self.text()?)
    }

    fn deserialize_option<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        match self.0 {
            Tree::Nothing => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_seq(self.items()?)
    }

    fn deserialize_map<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_map(self.fields()?)
    }

    fn deserialize_struct<V: Visitor<'a>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'a>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Unreadable> {
        visitor.visit_enum(Text::new(self.text()?))
    }

    fn deserialize_ignored_any<V: Visitor<'a>>(self, visitor: V) -> Result<V::Value, Unreadable> {
        visitor.visit_unit()
    }

    // Kinds that the contract has none of.
    forward_to_deserialize_any! { <W: Visitor<'a>> f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct }
}

/// The elements of a list.
struct Items<'a>(std::slice::Iter<'a, Tree>);

impl<'a> SeqAccess<'a> for Items<'a> {
    type Error = Unreadable;

    fn next_element_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<Option<T::Value>, Unreadable> {
        self.0.next().map(|item| seed.deserialize(Node(item))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.0.len())
    }
}

/// The fields of an object, and the value that belongs to the name read last.
struct Fields<'a>(std::slice::Iter<'a, (String, Tree)>, &'a Tree);

impl<'a> Fields<'a> {
    #[inline(never)]
    fn next_name(&mut self) -> Option<Text<'a>> {
        let (name, value) = self.0.next()?;
        self.1 = value;
        Some(Text::new(name))
    }
}

impl<'a> MapAccess<'a> for Fields<'a> {
    type Error = Unreadable;

    fn next_key_seed<K: DeserializeSeed<'a>>(&mut self, seed: K) -> Result<Option<K::Value>, Unreadable> {
        self.next_name().map(|name| seed.deserialize(name)).transpose()
    }

    fn next_value_seed<T: DeserializeSeed<'a>>(&mut self, seed: T) -> Result<T::Value, Unreadable> {
        seed.deserialize(Node(self.1))
    }
}

/// Nobody reads why: all cases are one and the same bug.
impl serde::de::Error for Unreadable {
    fn custom<T: fmt::Display>(_message: T) -> Self {
        Self
    }

    fn invalid_type(_found: serde::de::Unexpected<'_>, _wanted: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_value(_found: serde::de::Unexpected<'_>, _wanted: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn invalid_length(_len: usize, _wanted: &dyn serde::de::Expected) -> Self {
        Self
    }

    fn unknown_variant(_found: &str, _known: &'static [&'static str]) -> Self {
        Self
    }

    fn unknown_field(_found: &str, _known: &'static [&'static str]) -> Self {
        Self
    }

    fn missing_field(_field: &'static str) -> Self {
        Self
    }

    fn duplicate_field(_field: &'static str) -> Self {
        Self
    }
}

impl std::error::Error for Unreadable {}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no JSON of the type that is wanted")
    }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;

//! JSON as a tree of what the contract writes: no fractions.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::Unreadable;

/// A value with everything in it.
pub(super) enum Tree {
    /// `null`.
    Nothing,
    /// Yes or no.
    Flag(bool),
    /// A whole number between the least of `i64` and the greatest of `u64`.
    Number(i128),
    /// A text.
    Text(String),
    /// The elements of a list.
    List(Vec<Tree>),
    /// The fields of an object, in their order.
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// Reads a text of JSON.
    ///
    /// # Errors
    /// It is none, or has a fraction in it.
    pub(super) fn read(json: &str) -> Result<Self, Unreadable> {
        serde_json::from_str(json).map_err(|_| Unreadable)
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Planter)
    }
}

struct Planter;

impl<'de> Visitor<'de> for Planter {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without fractions")
    }

    fn visit_unit<E: Error>(self) -> Result<Tree, E> {
        Ok(Tree::Nothing)
    }

    fn visit_bool<E: Error>(self, is_so: bool) -> Result<Tree, E> {
        Ok(Tree::Flag(is_so))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Tree, E> {
        Ok(Tree::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Tree, E> {
        Ok(Tree::Number(number.into()))
    }

    // Said here, because what `serde` would say names the fraction, with code and tables for that of 10 kB.
    fn visit_f64<E: Error>(self, _number: f64) -> Result<Tree, E> {
        Err(E::custom("a fraction"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Tree, A::Error> {
        let mut object = Vec::new();
        while let Some(field) = fields.next_entry()? {
            object.push(field);
        }
        Ok(Tree::Object(object))
    }
}
